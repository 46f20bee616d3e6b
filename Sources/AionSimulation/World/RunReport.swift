public import AionModel

/// How a run ended, and what it went through.
public struct RunReport: Hashable, Sendable {
  public var scenario: Scenario
  public var violation: Violation?
  /// Simulated time.
  public var duration: Span
  public var events: Int
  /// Equal for two runs exactly when the same happened in both.
  public var fingerprint: UInt64
  public var operations: Int
  public var committed: LogIndex
  public var terms: Int
  public var replicas: Int
  public var envelopes: Int
  public var situations: Situations

  public var hasPassed: Bool { violation == nil }
}

extension World {
  func report(_ violation: Violation?) -> RunReport {
    noteFaultsOfMessages()
    return RunReport(
      scenario: scenario, violation: violation, duration: now - .start, events: trace.events,
      fingerprint: trace.fingerprint, operations: operations, committed: ledger.lastCommitted,
      terms: ledger.terms, replicas: replicas.count, envelopes: network.tally.sent,
      situations: situations)
  }

  private func noteFaultsOfMessages() {
    situations.note(.loss, times: network.tally.lost)
    situations.note(.duplication, times: network.tally.duplicated)
    situations.note(.delay, times: network.tally.delayed)
    situations.note(.reordering, times: network.tally.reordered)
    situations.note(.lostAnswer, times: situations[.answerLost])
    let isDrifting = scenario.faults.drift > 0
    situations.note(.clockDrift, times: isDrifting ? replicas.count : 0)
  }
}
