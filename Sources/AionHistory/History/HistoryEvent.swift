public import AionModel

/// One line of a history (Docs/History.md): a client asks, or learns what became of it.
public struct HistoryEvent: Hashable, Sendable {
  /// What the line says of an operation.
  public enum Step: Hashable, Sendable {
    /// The client sends its request, with the argument.
    case invoke(HistoryValue)
    /// The answer came. A refusal that tells something of the object is an answer too.
    case ok(HistoryValue)
    /// It has certainly not been done, and never will be.
    case fail
    /// Nobody knows: it may have been done, may be done at any later time, or never.
    case info
  }

  public var client: HistoryClient
  public var step: Step
  /// `read`, `write`, …: what the object's model knows.
  public var operation: String
  public var key: HistoryKey
  public var time: HistoryTime
  /// With an answer: the log index at which a change was applied or a read was answered.
  public var index: LogIndex?
  /// With an invocation: the name under which it is done exactly once.
  public var request: HistoryRequest?
  /// With an invocation: a read of one replica's own state, which may lag.
  public var isLocal: Bool

  public init(
    client: HistoryClient, step: Step, operation: String, key: HistoryKey, time: HistoryTime,
    index: LogIndex? = nil, request: HistoryRequest? = nil, isLocal: Bool = false
  ) {
    self.client = client
    self.step = step
    self.operation = operation
    self.key = key
    self.time = time
    self.index = index
    self.request = request
    self.isLocal = isLocal
  }

  /// Whether the operation changes nothing, by its name.
  public var isRead: Bool { HistoryEvent.reads.contains(operation) }

  /// Operations that change nothing in any model.
  public static let reads: Set<String> = ["read", "list", "contains"]
}
