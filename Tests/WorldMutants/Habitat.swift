/// A kind of world to look for mutants in: which faults it has, and how hard; the rest is drawn
/// from the seed.
package enum Habitat: String, Sendable, CaseIterable {
  /// Replicas crash and are cut off from one another all the time.
  case stormy
  /// Leaders are lost and come back, stand still or are not heard, and clients ask without a pause.
  case torn
  /// Elections take their time, and meet others: messages come late and twice, and whoever has
  /// voted crashes.
  case electing
  /// Disks rot and are wiped.
  case rotting
  /// Disks rot, and replicas are cut off: those that recover need the others, who need them.
  case mending
  /// Disks rot under logs that are kept for long.
  case hoarding
  /// Syncs and writes fail or take long, and processes end without their machine.
  case failing
  /// Members come and go.
  case changing

  /// The promise that was broken, if one was.
  package func violation(seed: UInt64, mutant: Mutant?) -> Violation? {
    Mutant.$current.withValue(mutant) { World<CatalogWorkload>(scenario(seed)).run().violation }
  }

  package func scenario(_ seed: UInt64) -> Scenario {
    var scenario = Scenario(seed: seed, isLite: true)
    scenario.replicas = seed.isMultiple(of: 2) ? 3 : 5
    scenario.faults = FaultPlan()
    func set(_ intensity: Intensity, _ kinds: FaultKind...) {
      for kind in kinds { scenario.faults[kind] = intensity }
    }
    switch self {
    case .stormy:
      scenario.clients = 4
      set(.heavy, .crash, .partition)
      set(.frequent, .loss, .crashOfAll, .tornWrite, .compaction)
    case .torn:
      scenario.clients = 8
      scenario.tick = .milliseconds(20)
      scenario.thinkTime = .milliseconds(20)
      scenario.options.raft.checkQuorum = false
      set(.heavy, .partition, .oneWayPartition, .transfer, .lostAnswer, .duplication)
      set(.frequent, .loss, .delay, .reordering, .pause)
      set(.rare, .crash)
    case .electing:
      scenario.duration = .seconds(40)
      scenario.clients = 8
      scenario.tick = .milliseconds(100)
      scenario.options.raft.preVote = false
      scenario.options.raft.checkQuorum = false
      scenario.options.raft.electionJitterTicks = 2
      scenario.options.raft.maximumMessageSize = .zero
      scenario.options.raft.maximumInflightMessages = 1
      scenario.options.log.segmentSize = .kibibytes(1)
      scenario.options.snapshotAfter = .kibibytes(1)
      scenario.options.keptEntries = 1
      set(.heavy, .loss, .delay, .duplication, .clockDrift, .compaction)
      set(.frequent, .crash, .partition, .slowSync)
    case .rotting:
      set(.heavy, .bitRot, .misdirectedWrite, .wipe)
      set(.frequent, .crash, .crashOfAll)
    case .mending:
      scenario.replicas = 3
      scenario.duration = .seconds(40)
      set(.heavy, .bitRot, .misdirectedWrite, .partition)
      set(.frequent, .loss, .crash, .crashOfAll)
    case .hoarding:
      scenario.clients = 4
      scenario.options.keptEntries = 1_000
      scenario.options.snapshotAfter = .kibibytes(64)
      set(.heavy, .bitRot, .misdirectedWrite)
      set(.frequent, .crash)
    case .failing:
      scenario.clients = 6
      scenario.thinkTime = .milliseconds(50)
      scenario.options.log.segmentSize = .kibibytes(4)
      scenario.options.snapshotAfter = .kibibytes(2)
      scenario.options.keptEntries = 1
      set(.heavy, .failedSync, .compaction, .tornWrite)
      set(.frequent, .failedWrite, .slowSync, .crash)
      set(.rare, .crashOfAll, .partition)
    case .changing:
      scenario.duration = .seconds(20)
      scenario.clients = 1
      scenario.thinkTime = .seconds(1)
      set(.heavy, .membership, .partition)
      set(.frequent, .crash, .transfer, .compaction)
    }
    return scenario
  }
}
