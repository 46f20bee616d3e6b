/// What became of a check of every object of a history.
public struct LinearizabilityReport: Sendable {
  /// Whether an order explains every object; `undecided` when a search ended at a limit.
  public enum Verdict: String, Sendable { case linearizable, violated, undecided }

  /// One object whose operations no order explains.
  public struct Violation: Sendable {
    public var key: HistoryKey
    /// The operations that cannot be put in order, however those before them were; the last of them
    /// is the one that cannot take its turn.
    public var window: [HistoryOperation]
    /// A page for people: what the object could have been before, and the window as a timeline.
    public var explanation: String
  }

  /// An object on which the search ended at a limit.
  public struct Undecided: Hashable, Sendable {
    /// The limit that ended the search.
    public enum Reason: Hashable, Sendable {
      /// So many configurations were looked at.
      case configurations(Int)
      /// More operations than these were in flight at a time.
      case concurrency(Int)
    }

    public var key: HistoryKey
    public var reason: Reason
  }

  /// Operations that were judged.
  public internal(set) var operations = 0
  public internal(set) var objects = 0
  /// Configurations looked at: the work done.
  public internal(set) var configurations = 0
  /// At most one for each object, in the order of the objects' first operations.
  public internal(set) var violations: [Violation] = []
  public internal(set) var undecided: [Undecided] = []

  public var verdict: Verdict {
    if !violations.isEmpty { return .violated }
    return undecided.isEmpty ? .linearizable : .undecided
  }
}

extension LinearizabilityReport.Undecided: CustomStringConvertible {
  public var description: String {
    switch reason {
    case .configurations(let limit): "\(key): undecided after \(limit) configurations"
    case .concurrency(let limit): "\(key): undecided, more than \(limit) operations in flight"
    }
  }
}
