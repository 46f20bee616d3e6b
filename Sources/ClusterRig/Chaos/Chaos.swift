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
  /// How many processes the group has when faults begin: those that are missing join before, under
  /// the same clients. nil: those that founded it.
  package var nodes: Int?
  /// Of the faults, growing not counted.
  package var duration: Duration
  package var seed: UInt64
  /// What may happen; each once before any comes again.
  package var kinds: [FaultKind]

  package init(
    clients: Int, nodes: Int? = nil, duration: Duration, seed: UInt64, kinds: [FaultKind]
  ) {
    self.clients = clients
    self.nodes = nodes
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
      var strike = Strike(at: rig, watching: recorder, seed: seed)
      func done(_ kind: FaultKind, since begun: Duration, _ text: String) {
        let time = begun..<recorder.now
        let fault = Fault(
          kind: kind, text: text, time: time, silence: recorder.longestSilence(in: time))
        told(fault)
        faults.append(fault)
      }
      if let nodes, rig.numbers.count < nodes {
        done(.growth, since: recorder.now, try await strike.grow(to: nodes))
      }
      let end = ContinuousClock.now + duration
      var ahead: [FaultKind] = []
      while ContinuousClock.now < end {
        if ahead.isEmpty { ahead = kinds.shuffled(using: &strike.chance) }
        let kind = ahead.removeFirst()
        done(kind, since: recorder.now, try await strike.carryOut(kind))
      }
    }
    return Report(faults: faults, trial: trial)
  }
}
