public import AionModel

/// An answer whose index does not fit those that were given before.
public struct VersionViolation: Hashable, Sendable {
  /// What the index breaks.
  public enum Rule: Hashable, Sendable {
    /// A read that began when a greater index was known.
    case stale(known: LogIndex)
    /// A change at an index that was known when it was asked for.
    case changeInThePast(known: LogIndex)
    /// Two changes at one index.
    case sharedIndex(with: HistoryClient, String)
    /// The client was told a greater one before.
    case wentBack(from: LogIndex)
    /// Another read of the object at that index had this answer.
    case twoAnswers(HistoryValue)
    /// The same request was done at another index.
    case doneTwice(HistoryRequest, at: LogIndex)
    /// An earlier request of the session has a greater index, or a later one a lower.
    case outOfSequence(HistoryRequest, after: LogIndex)
  }

  public var event: HistoryEvent
  public var index: LogIndex
  public var rule: Rule
}

extension VersionViolation: CustomStringConvertible {
  public var description: String {
    "client \(event.client), \(event.operation) of \(event.key) at index \(index): \(reason)"
  }

  private var reason: String {
    switch rule {
    case .stale(let known): "index \(known) was known when the read began"
    case .changeInThePast(let known): "index \(known) was known when the change was asked for"
    case .sharedIndex(let client, let operation):
      "\(operation) of client \(client) has the same index"
    case .wentBack(let own): "the client had been told \(own) before"
    case .twoAnswers(let other): "another read at this index had the answer \(other)"
    case .doneTwice(let request, let other): "request \(request) was done at \(other) before"
    case .outOfSequence(let request, let other):
      "request \(request) stands on the wrong side of index \(other)"
    }
  }
}

extension VersionOrder {
  /// What is wrong with the indexes of a whole run.
  public static func violations(in events: [HistoryEvent]) -> [VersionViolation] {
    var order = VersionOrder()
    return events.compactMap { order.record($0) }
  }
}
