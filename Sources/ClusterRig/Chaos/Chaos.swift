import AionModel

/// Faults, one after the other from a seed, while clients work; then the judgement.
package struct Chaos: Sendable {
  /// One fault that was done.
  package struct Fault: Sendable {
    package var kind: FaultKind
    package var text: String
    /// Since the clients began.
    package var time: Range<Duration>
    /// The longest time meanwhile without an acknowledged write.
    package var silence: Duration
  }

  /// What came of a run.
  package struct Report: Sendable {
    package var faults: [Fault]
    package var trial: Trial.Report
  }

  package var clients: Int
  package var duration: Duration
  package var seed: UInt64
  /// What may happen; each once before any comes again.
  package var kinds: [FaultKind]

  package init(clients: Int, duration: Duration, seed: UInt64, kinds: [FaultKind]) {
    self.clients = clients
    self.duration = duration
    self.seed = seed
    self.kinds = kinds
  }

  /// What processes are told, so that one that joins has to be sent a snapshot.
  package static let settings = ["AIOND_KEPT_ENTRIES": "100"]

  /// - Parameter told: Told of each fault once it is over.
  /// - Throws: `RigFailure` when the group does not do what it should.
  package func run(
    on rig: ClusterRig, _ told: (Fault) -> Void = { _ in }
  ) async throws -> Report {
    var faults: [Fault] = []
    let trial = try await Trial(clients: clients, seed: seed).run(on: rig) { recorder in
      let end = ContinuousClock.now + duration
      var strike = Strike(at: rig, watching: recorder, seed: seed)
      var ahead: [FaultKind] = []
      while ContinuousClock.now < end {
        if ahead.isEmpty { ahead = kinds.shuffled(using: &strike.chance) }
        let kind = ahead.removeFirst()
        let begun = recorder.now
        let text = try await strike.carryOut(kind)
        let time = begun..<recorder.now
        let fault = Fault(
          kind: kind, text: text, time: time, silence: recorder.longestSilence(in: time))
        told(fault)
        faults.append(fault)
      }
    }
    return Report(faults: faults, trial: trial)
  }
}
