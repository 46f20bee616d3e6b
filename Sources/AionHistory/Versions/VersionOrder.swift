import AionModel

/// Judges the log indexes that clients were told, event by event and in constant time: a check that
/// is cheaper than the search for an order, and sharper where indexes are known, since one log has
/// one order for all objects.
///
/// - An operation that begins after another one has returned has no lower index, and a change a
///   higher one. Local reads are held to their own client's past only.
/// - Two changes have two indexes, and two reads of one object at one index have one answer.
/// - A client's indexes never fall.
/// - A request has one index, however often it was sent, and the requests of a session have their
///   indexes in their order.
public struct VersionOrder: Sendable {
  private struct InFlight {
    var event: HistoryEvent
    /// The greatest index that anybody had been told by then.
    var known: LogIndex
  }

  private struct Reading: Hashable {
    var key: HistoryKey
    var operation: String
    var argument: HistoryValue
    var index: LogIndex
  }

  private struct Session {
    /// Ascending by sequence, and so by index.
    var requests: [(sequence: UInt64, index: LogIndex)] = []
  }

  private var known = LogIndex.zero
  private var knownBy: [HistoryClient: LogIndex] = [:]
  private var inFlight: [HistoryClient: InFlight] = [:]
  private var changes: [LogIndex: HistoryEvent] = [:]
  private var requestsAt: [LogIndex: HistoryRequest] = [:]
  private var readings: [Reading: HistoryValue] = [:]
  private var sessions: [UInt64: Session] = [:]

  public init() {}

  /// Takes the next event of a history. Gives what is wrong with it; it is taken all the same.
  public mutating func record(_ event: HistoryEvent) -> VersionViolation? {
    switch event.step {
    case .invoke:
      inFlight[event.client] = InFlight(event: event, known: known)
      return nil
    case .ok(let answer):
      guard let asked = inFlight.removeValue(forKey: event.client), let index = event.index else {
        return nil
      }
      defer {
        if !asked.event.isLocal { known = max(known, index) }
        knownBy[event.client] = max(knownBy[event.client] ?? .zero, index)
      }
      return violation(of: event, answer, at: index, asked)
    case .fail, .info:
      inFlight[event.client] = nil
      return nil
    }
  }

  private mutating func violation(
    of event: HistoryEvent, _ answer: HistoryValue, at index: LogIndex, _ asked: InFlight
  ) -> VersionViolation? {
    let isRepeated = asked.event.request != nil && requestsAt[index] == asked.event.request
    var rules: [VersionViolation.Rule?] = []
    if asked.event.isRead {
      rules.append(readingRule(event, answer, at: index, asked))
      if !asked.event.isLocal, index < asked.known { rules.append(.stale(known: asked.known)) }
    } else {
      if index <= asked.known { rules.append(.changeInThePast(known: asked.known)) }
      if !isRepeated, let other = changes.updateValue(event, forKey: index) {
        rules.append(.sharedIndex(with: other.client, other.operation))
      }
    }
    if let own = knownBy[event.client], index < own { rules.append(.wentBack(from: own)) }
    if let request = asked.event.request { rules.append(note(request, at: index)) }
    guard let rule = rules.compactMap({ $0 }).first else { return nil }
    return VersionViolation(event: event, index: index, rule: rule)
  }

  private mutating func readingRule(
    _ event: HistoryEvent, _ answer: HistoryValue, at index: LogIndex, _ asked: InFlight
  ) -> VersionViolation.Rule? {
    guard case .invoke(let argument) = asked.event.step else { return nil }
    let reading = Reading(
      key: event.key, operation: event.operation, argument: argument, index: index)
    guard let other = readings.updateValue(answer, forKey: reading), other != answer else {
      return nil
    }
    return .twoAnswers(other)
  }

  private mutating func note(
    _ request: HistoryRequest, at index: LogIndex
  ) -> VersionViolation.Rule? {
    var requests = sessions[request.session, default: Session()].requests
    requestsAt[index] = request
    let place = requests.lastIndex { $0.sequence <= request.sequence }
    if let place, requests[place].sequence == request.sequence {
      return requests[place].index == index
        ? nil : .doneTwice(request, at: requests[place].index)
    }
    let next = place.map { $0 + 1 } ?? 0
    var rule: VersionViolation.Rule?
    if let place, requests[place].index >= index {
      rule = .outOfSequence(request, after: requests[place].index)
    } else if next < requests.count, requests[next].index <= index {
      rule = .outOfSequence(request, after: requests[next].index)
    }
    requests.insert((request.sequence, index), at: next)
    sessions[request.session] = Session(requests: requests)
    return rule
  }
}
