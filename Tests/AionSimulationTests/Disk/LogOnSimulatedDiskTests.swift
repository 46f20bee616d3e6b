import AionLog
import AionModel
import AionRaft
import AionSimulation
import Testing

@Suite("A log on a simulated disk")
struct LogOnSimulatedDiskTests {
  private static let identity = LogIdentity(cluster: 1, replica: 1, nodeName: "node-1")
  private static let limits = LogLimits(
    segmentSize: .kibibytes(16), preallocation: .kibibytes(4), growth: .kibibytes(1))

  private func open(_ disk: SimulatedDisk) throws -> (Log<SimulatedDirectory>, Recovered) {
    let opened = try Log.open(disk.root, as: Self.identity, limits: Self.limits)
    return (opened.log, opened.recovered)
  }

  private func entry(_ index: UInt64) -> Entry {
    Entry(index: LogIndex(index), term: 1, payload: .command(Array(repeating: 7, count: 700)))
  }

  @Test("What is read back after a failed sync survives the next loss of power")
  func readBackAfterFailedSync() throws {
    for seed in 1...40 as ClosedRange<UInt64> {
      let disk = SimulatedDisk(seed: seed)
      do {
        let (log, _) = try open(disk)
        try log.append(hardState: HardState(term: 1), entries: [entry(1)])
        try log.sync()
        try log.append(entries: [entry(2), entry(3)])
        disk.faults.sync = .always
        #expect(throws: LogFault.self) { try log.sync() }
        disk.faults.sync = .never
      }
      disk.loseProcess()
      let found: [Entry]
      do { found = try open(disk).1.entries }
      #expect(found.count == 3, "seed \(seed): the system's cache has it")
      disk.crash(at: disk.time, .synced)
      #expect(try open(disk).1.entries == found, "seed \(seed)")
    }
  }

  @Test("A crash at any moment of appending and syncing keeps what was synced")
  func crashAtAnyMoment() throws {
    for seed in 1...200 as ClosedRange<UInt64> {
      let disk = SimulatedDisk(seed: seed)
      var chance = SplitMix64(seed: seed)
      var synced: [(at: Moment, count: Int)] = [(.start, 0)]
      do {
        let (log, _) = try open(disk)
        for index in 1...20 as ClosedRange<UInt64> {
          try log.append(hardState: HardState(term: 1), entries: [entry(index)])
          try log.sync()
          synced.append((disk.time, Int(index)))
        }
      }
      let opened = synced[1].at
      let crash = opened + Span(microseconds: chance.below((disk.time - opened).microseconds))
      let survival = chance.one(of: Survival.allCases)
      disk.crash(at: crash, survival)
      let kept = try open(disk).1.entries.count
      let promised = synced.last { $0.at <= crash }?.count ?? 0
      #expect(kept >= promised, "seed \(seed): crash at \(crash), keeping \(survival)")
      #expect(kept <= promised + 1, "seed \(seed)")
    }
  }
}
