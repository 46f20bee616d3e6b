import AionHistory
import AionModel

/// A history written down by hand, on one object; each event comes a nanosecond after the last.
struct Story {
  private(set) var events: [HistoryEvent] = []
  private let key: HistoryKey
  private var asked: [HistoryClient: HistoryEvent] = [:]

  init(_ key: String) { self.key = HistoryKey(key) }

  mutating func invoke(
    _ client: HistoryClient, _ operation: String, _ argument: HistoryValue = .nothing,
    request: HistoryRequest? = nil, isLocal: Bool = false
  ) {
    asked[client] = HistoryEvent(
      client: client, step: .invoke(argument), operation: operation, key: key, time: now,
      request: request, isLocal: isLocal)
    events.append(contentsOf: [asked[client]].compactMap { $0 })
  }

  mutating func ok(
    _ client: HistoryClient, _ answer: HistoryValue = .nothing, at index: LogIndex? = nil
  ) {
    end(client, .ok(answer), index)
  }

  mutating func fail(_ client: HistoryClient) { end(client, .fail, nil) }

  mutating func info(_ client: HistoryClient) { end(client, .info, nil) }

  /// Asked and answered before anything else happens.
  mutating func call(
    _ client: HistoryClient, _ operation: String, _ argument: HistoryValue = .nothing,
    _ answer: HistoryValue = .nothing, at index: LogIndex? = nil,
    request: HistoryRequest? = nil, isLocal: Bool = false
  ) {
    invoke(client, operation, argument, request: request, isLocal: isLocal)
    ok(client, answer, at: index)
  }

  private mutating func end(_ client: HistoryClient, _ step: HistoryEvent.Step, _ index: LogIndex?)
  {
    guard var event = asked.removeValue(forKey: client) else { return }
    event.step = step
    event.index = index
    event.time = now
    event.request = nil
    event.isLocal = false
    events.append(event)
  }

  private var now: HistoryTime { HistoryTime(UInt64(events.count)) }

  func check() throws -> LinearizabilityReport {
    try LinearizabilityChecker().check(History(events))
  }
}
