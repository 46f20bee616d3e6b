/// A kind of world to look for mutants in; which faults it has is drawn from the seed, unless
/// said here.
package enum Habitat: String, Sendable, CaseIterable {
  /// Few replicas, little time.
  case small
  /// As the seed draws it.
  case any
  /// Three to five replicas of the catalog, which crash and are cut off from one another all the time.
  case stormy
  /// The same with lost leaders, and clients that ask without a pause.
  case torn
  /// Disks rot, and are wiped.
  case rotting
  /// Members come and go.
  case changing

  /// The promise that was broken, if one was.
  package func run(seed: UInt64, ofRegisters: Bool, mutant: Mutant? = nil) -> String? {
    Mutant.$current.withValue(mutant) {
      let report =
        ofRegisters
        ? World<RegisterWorkload>(scenario(seed)).run()
        : World<CatalogWorkload>(scenario(seed)).run()
      return report.violation?.description
    }
  }

  private func scenario(_ seed: UInt64) -> Scenario {
    guard self != .any else { return Scenario(seed: seed) }
    var scenario = Scenario(seed: seed, isLite: true)
    let many = seed.isMultiple(of: 2) ? 3 : 5
    func set(_ intensity: Intensity, _ kinds: FaultKind...) {
      for kind in kinds { scenario.faults[kind] = intensity }
    }
    switch self {
    case .small, .any: break
    case .stormy:
      scenario.replicas = many
      scenario.clients = 4
      set(.heavy, .crash, .partition)
      set(.frequent, .loss, .crashOfAll, .tornWrite, .compaction)
    case .torn:
      scenario.replicas = many
      scenario.clients = 6
      scenario.thinkTime = .milliseconds(2)
      set(.heavy, .partition, .oneWayPartition, .transfer)
      set(.frequent, .delay, .reordering)
      set(.rare, .crash)
    case .rotting:
      scenario.replicas = many
      set(.heavy, .bitRot, .misdirectedWrite, .wipe)
      set(.frequent, .crash, .crashOfAll)
    case .changing:
      scenario.replicas = many
      set(.heavy, .membership, .partition)
      set(.frequent, .crash, .transfer, .compaction)
    }
    return scenario
  }
}
