import AionLog
import AionModel
import AionRaft
import AionSimulation
import Testing

@Suite("A log on a simulated disk")
struct LogOnSimulatedDiskTests {
  private static let identity = LogIdentity(cluster: 1, replica: 1, nodeName: "node-1")
  private static let leader = LogIdentity(cluster: 1, replica: 9, nodeName: "node-9")
  private static let limits = LogLimits(
    segmentSize: .kibibytes(16), preallocation: .kibibytes(4), growth: .kibibytes(1))

  private func open(
    _ disk: SimulatedDisk
  ) throws -> (log: Log<SimulatedDirectory>, recovered: Recovered) {
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

  @Test("A snapshot whose name was not synced is not built on until it is")
  func snapshotAfterFailedSync() throws {
    for seed in 1...40 as ClosedRange<UInt64> {
      let disk = SimulatedDisk(seed: seed + 100)
      do {
        let (log, incoming) = try receiveSnapshot(on: disk, seed)
        disk.faults.sync = .always
        #expect(throws: LogFault.self) { try log.install(incoming, hardState: nil) }
        disk.faults.sync = .never
      }
      disk.loseProcess()
      do { #expect(try open(disk).1.snapshot?.metadata.position.index == 20, "seed \(seed)") }
      disk.crash(at: disk.time, .synced)
      let (log, recovered) = try open(disk)
      #expect(recovered.snapshot?.metadata.position.index == 20, "seed \(seed)")
      #expect(log.last.index == 20, "seed \(seed)")
    }
  }

  /// A log with one entry, and all of a snapshot to 20 beside it.
  private func receiveSnapshot(
    on disk: SimulatedDisk, _ seed: UInt64
  ) throws -> (Log<SimulatedDirectory>, IncomingSnapshot<SimulatedDirectory>) {
    let source = try snapshot(on: SimulatedDisk(seed: seed))
    let (log, _) = try open(disk)
    try log.append(hardState: HardState(term: 1), entries: [entry(1)])
    try log.sync()
    let incoming = try log.snapshots.receive(source.id)
    let bytes = try source.bytes(at: .zero, count: source.id.size.bytes)
    #expect(try incoming.append(bytes, at: .zero))
    return (log, incoming)
  }

  private func snapshot(on disk: SimulatedDisk) throws -> SnapshotFile<SimulatedFile> {
    let log = try Log.open(disk.root, as: Self.leader, limits: Self.limits).log
    let position = LogPosition(term: 1, index: 20)
    let metadata = SnapshotMetadata(position: position, membership: Membership(voters: [1, 9]))
    let writer = try log.snapshots.write(
      SnapshotDescription(metadata: metadata, catalogVersion: 7))
    try writer.append(records: [0x0A, 1, 7], count: 1)
    _ = try writer.finish(digest: SnapshotDigest(rawValue: 1))
    return try log.snapshots.file(at: position)
  }

  @Test("A log that ends before its snapshot opens though there is no room for another name")
  func opensWithoutRoom() throws {
    let disk = SimulatedDisk(seed: 1)
    _ = try snapshot(on: disk)
    disk.loseProcess()
    disk.fill(leaving: 0)
    #expect(try Log.open(disk.root, as: Self.leader, limits: Self.limits).log.last.index == 20)
  }

  @Test("Names that a failed sync has lost are durable before anything is promised on them")
  func namesAfterFailedSync() throws {
    for seed in 1...200 as ClosedRange<UInt64> {
      let disk = SimulatedDisk(seed: seed + 1_000)
      do {
        let (log, incoming) = try receiveSnapshot(on: disk, seed)
        disk.faults.sync = .percent(30)
        try log.install(incoming, hardState: nil)
      } catch is LogFault {}
      disk.faults.sync = .never
      disk.loseProcess()
      let promised: LogIndex
      do {
        let (log, _) = try open(disk)
        promised = log.last.index.next
        try log.append(hardState: HardState(term: 1), entries: [entry(promised.rawValue)])
        try log.sync()
      }
      disk.crash(at: disk.time, .synced)
      #expect(try open(disk).log.last.index == promised, "seed \(seed)")
    }
  }

  @Test("What was begun on a full disk and written over is not taken for damage after a crash")
  func crashAfterFullDisk() throws {
    for seed in 1...400 as ClosedRange<UInt64> {
      let disk = SimulatedDisk(seed: seed)
      var chance = SplitMix64(seed: seed)
      do {
        let (log, _) = try open(disk)
        try log.append(hardState: HardState(term: 1), entries: [entry(1)])
        try log.sync()
        var next: UInt64 = 2
        disk.fill(leaving: chance.below(2_000))
        while (try? log.append(entries: [entry(next)])) != nil {
          try log.sync()
          next += 1
        }
        disk.fill(leaving: 1 << 20)
        try log.append(entries: [entry(next)])
      }
      disk.crash(at: disk.time, .sectors)
      #expect(throws: Never.self, "seed \(seed)") { try open(disk) }
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
