public import AionHistory
public import AionModel

/// Writes down what clients asked and were told of some objects, and judges it at the end: each
/// object must be linearizable.
///
/// This looks at answers alone, where the world's own checks look at places in the log.
public struct HistoryRecorder: Sendable {
  public private(set) var history = History()
  private var open: [ClientID: HistoryEvent] = [:]
  private var now = HistoryTime(0)

  public init() {}

  /// A client sends a request that is about one object.
  public mutating func invoke(
    _ operation: String, _ argument: HistoryValue = .nothing, on key: HistoryKey,
    by client: ClientID, at time: WallTime
  ) {
    now = max(now, HistoryTime(UInt64(max(0, time.nanosecondsSince1970))))
    let event = HistoryEvent(
      client: HistoryClient(UInt64(client.rawValue)), step: .invoke(argument),
      operation: operation, key: key, time: now)
    open[client] = event
    record(event)
  }

  /// The client's open request has ended; nothing if it was not written down.
  public mutating func end(_ client: ClientID, _ step: HistoryEvent.Step, index: LogIndex? = nil) {
    guard var event = open.removeValue(forKey: client) else { return }
    event.step = step
    event.index = index
    event.time = now
    record(event)
  }

  private mutating func record(_ event: HistoryEvent) {
    do throws(HistoryFault) { try history.record(event) } catch {
      preconditionFailure("a workload does not write a history: \(error)")
    }
  }

  /// What no order of the operations explains.
  public func complaint(
    models: (HistoryKey) -> (any SequentialModel)? = { _ in nil }
  ) -> Complaint? {
    var checker = LinearizabilityChecker()
    // What so many do not decide is left undecided; it is no violation.
    checker.configurationLimit = 100_000
    do throws(HistoryFault) {
      let report = try checker.check(history, models: models)
      guard let violation = report.violations.first else { return nil }
      return Complaint(.linearizability, violation.explanation)
    } catch {
      return Complaint(.linearizability, "\(error)")
    }
  }
}
