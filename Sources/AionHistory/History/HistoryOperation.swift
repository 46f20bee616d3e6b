public import AionModel

/// An operation from its invocation to what became of it.
public struct HistoryOperation: Hashable, Sendable {
  /// How the operation ended, as far as its client knows.
  public enum Outcome: Hashable, Sendable {
    /// Still in flight at the end of the history counts as unknown.
    case unknown
    case answered(HistoryValue)
    /// It has certainly not been done.
    case failed
  }

  public internal(set) var client: HistoryClient
  public internal(set) var operation: String
  public internal(set) var key: HistoryKey
  public internal(set) var argument: HistoryValue
  public internal(set) var outcome: Outcome
  /// Where the client asked, as a place in the history.
  public internal(set) var invoked: Int
  /// Where the answer or the failure came; nil while nobody knows.
  public internal(set) var returned: Int?
  public internal(set) var index: LogIndex?
  public internal(set) var request: HistoryRequest?
  public internal(set) var isLocal: Bool

  /// `write 5 → 12`
  public var description: String {
    let asked = argument == .nothing ? operation : "\(operation) \(argument)"
    switch outcome {
    case .unknown: return asked + " → ?"
    case .failed: return asked + " → failed"
    case .answered(.nothing): return asked
    case .answered(let answer): return "\(asked) → \(answer)"
    }
  }
}

extension HistoryOperation: CustomStringConvertible {}
