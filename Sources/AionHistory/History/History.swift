import AionModel

/// What the clients of a run asked and were told, in the order in which it happened.
///
/// Events that come later happened later: an operation that is invoked after another one has
/// returned came after it.
public struct History: Sendable {
  /// In the order of invocation.
  public private(set) var operations: [HistoryOperation] = []
  private var inFlight: [HistoryClient: Int] = [:]
  private var events = 0
  private var now = HistoryTime(0)

  public init() {}

  /// Appends an event. A client whose operation ended in `info` may ask anew.
  public mutating func record(_ event: HistoryEvent) throws(HistoryFault) {
    guard event.time >= now else { throw .timeWentBack(from: now, to: event.time) }
    switch event.step {
    case .invoke(let argument):
      guard inFlight[event.client] == nil else { throw .busy(event.client) }
      inFlight[event.client] = operations.count
      operations.append(HistoryOperation(event, argument: argument, place: events))
    case .ok(let answer):
      let place = try end(event)
      operations[place].outcome = .answered(answer)
      operations[place].returned = events
      operations[place].index = event.index
    case .fail:
      let place = try end(event)
      operations[place].outcome = .failed
      operations[place].returned = events
    case .info: _ = try end(event)
    }
    now = event.time
    events += 1
  }

  private mutating func end(_ event: HistoryEvent) throws(HistoryFault) -> Int {
    guard let place = inFlight[event.client], operations[place].operation == event.operation,
      operations[place].key == event.key
    else { throw .idle(event.client) }
    inFlight[event.client] = nil
    return place
  }
}

extension HistoryOperation {
  fileprivate init(_ event: HistoryEvent, argument: HistoryValue, place: Int) {
    self.init(
      client: event.client, operation: event.operation, key: event.key, argument: argument,
      outcome: .unknown, invoked: place, returned: nil, index: nil, request: event.request,
      isLocal: event.isLocal)
  }
}
