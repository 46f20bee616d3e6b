import AionLog
import AionModel
import AionRaft
import Testing

@Suite("Opening a damaged directory of a group of several")
struct SalvageTests {
  private static let limits = LogLimits(
    segmentSize: .kibibytes(1), preallocation: .kibibytes(1), growth: 512,
    maximumBatch: .kibibytes(64))

  /// A founder's record, after all were introduced.
  private static var group: GroupRecord {
    var group = GroupRecord(incarnation: 5, founders: [1, 2, 3])
    for replica in [1, 2, 3] as [ReplicaID] {
      _ = group.learn(.init(replica, Incarnation(replica.rawValue + 4)))
    }
    group.isIntroduced = true
    return group
  }

  private static func open(
    _ disk: InMemoryDisk, successor: Incarnation? = 100, limits: LogLimits = limits
  ) throws(LogFault) -> (log: Log<InMemoryLogDirectory>, recovered: Recovered) {
    try Log.open(
      disk.root, as: LogWorld.identity, beginning: group, successor: successor, limits: limits)
  }

  /// Three segments, with all but the last three entries committed.
  private static func written(
    _ group: GroupRecord = group, snapshotAt index: UInt64? = nil
  ) throws -> InMemoryDisk {
    let disk = InMemoryDisk()
    let (log, _) = try Log.open(
      disk.root, as: LogWorld.identity, beginning: group, limits: limits)
    try log.write([], hardState: HardState(term: 1, vote: 1))
    for index in UInt64(1)...16 { try log.write([LogWorld.entry(index, size: 40)]) }
    if let index {
      let writer = try log.snapshots.write(
        SnapshotDescription(
          metadata: SnapshotMetadata(
            position: LogPosition(term: 1, index: LogIndex(index)),
            membership: Membership(voters: [1, 2, 3])), catalogVersion: 3))
      try writer.append(records: LogWorld.payload(100), count: 1)
      _ = try writer.finish(digest: SnapshotDigest(rawValue: 1))
    }
    let state = HardState(term: 1, vote: 1, commit: 16)
    try log.write(LogWorld.entries(17...19, size: 40), hardState: state)
    return disk.copy()
  }

  private static func segments(_ disk: InMemoryDisk) -> [String] {
    disk.paths.filter { $0.hasSuffix(".log") }
  }

  private static func flip(_ place: Int, of path: String, on disk: InMemoryDisk) throws {
    var bytes = try #require(disk.contents(of: path))
    bytes[place] ^= 1 << UInt8(place % 8)
    disk.setContents(of: path, to: bytes)
  }

  private static func expectRecovering(
    _ opened: (log: Log<InMemoryLogDirectory>, recovered: Recovered), as life: Incarnation = 100,
    _ comment: Comment = ""
  ) throws {
    let group = try #require(opened.log.group)
    #expect(group.incarnation == life && group.generation == 1, comment)
    #expect(group.life(of: 1)?.incarnation == life, comment)
    #expect(group.recovery?.formers == [5] && group.recovery?.isSettled == true, comment)
    let entries = opened.recovered.entries
    let all = LogWorld.entries(1...19, size: 40)
    let first = Int(entries.first?.index.rawValue ?? 1) - 1
    #expect(entries == Array(all[first...].prefix(entries.count)), comment)
  }

  @Test("A bit flipped at any byte of any segment: what comes before it is kept, to the last batch")
  func everyByte() throws {
    let disk = try Self.written()
    let paths = Self.segments(disk)
    #expect(paths.count >= 3)
    for path in paths {
      let bytes = try #require(disk.contents(of: path))
      for place in 0...(try #require(bytes.lastIndex { $0 != 0 })) {
        let copy = disk.copy()
        try Self.flip(place, of: path, on: copy)
        let comment: Comment = "\(path) byte \(place)"
        var opened = try Self.open(copy)
        try Self.expectRecovering(opened, comment)
        let damage = try #require(opened.recovered.report.lost.first, comment)
        #expect("/" + damage.file == path, comment)
        #expect(opened.recovered.entries.count == Int(damage.after.rawValue), comment)
        let aside = opened.recovered.report.setAside
        #expect(aside.contains { $0.hasPrefix(damage.file + ".damaged-1") }, comment)
        // It is an ordinary log, also for one that would not repair it.
        let last = opened.log.last.index.rawValue
        try opened.log.write([LogWorld.entry(last + 1, size: 40)])
        opened = try Self.open(copy.copy(), successor: nil)
        try Self.expectRecovering(opened, comment)
        #expect(opened.log.last.index.rawValue == last + 1, comment)
        #expect(opened.recovered.report.lost.isEmpty, comment)
        #expect(opened.recovered.report.setAside == aside, comment)
      }
    }
  }

  @Test("The power goes at any file operation while it is set aside: it goes on as the same life")
  func powerLoss() throws {
    let disk = try Self.written(snapshotAt: 3)
    let path = Self.segments(disk)[1]
    try Self.flip(200, of: path, on: disk)
    let whole = disk.copy()
    let before = whole.operationCount
    try Self.expectRecovering(try Self.open(whole))
    let operations = whole.operationCount - before
    #expect(operations > 15)
    for operation in 0..<operations {
      for seed in UInt64(0)...3 {
        let copy = disk.copy()
        copy.faults.operationsBeforeCrash = operation
        #expect(throws: LogFault.self) { try Self.open(copy) }
        let seed = UInt64(operation) << 8 | seed
        copy.crash(seed.isMultiple(of: 2) ? .prefix(seed: seed) : .sectors(seed: seed))
        let opened = try Self.open(copy, successor: 200)
        let life = try #require(opened.log.group?.incarnation)
        #expect([100, 200].contains(life))
        try Self.expectRecovering(opened, as: life, "operation \(operation), seed \(seed)")
        #expect(try Self.open(copy.copy(), successor: nil).log.group == opened.log.group)
      }
    }
  }

  @Test("A segment, all of them, or their folder is missing; a snapshot does not hold or connect")
  func missingFiles() throws {
    let base = try Self.written(snapshotAt: 10)
    let paths = Self.segments(base)
    let snapshot = try #require(base.paths.first { $0.hasSuffix(".snap") })
    let damages: [(String, entries: Int, (InMemoryDisk) throws -> Void)] = [
      ("middle", 0, { $0.removeFile(at: paths[1]) }),
      (
        "first", 0,
        { disk in
          try Self.flip(100, of: snapshot, on: disk)
          disk.removeFile(at: paths[0])
        }
      ),
      ("all", 0, { disk in for path in paths { disk.removeFile(at: path) } }),
      ("unreadable", 0, { $0.faults.unreadable = [paths[0], paths[1]] }),
    ]
    for (name, entries, damage) in damages {
      let disk = base.copy()
      try damage(disk)
      let opened = try Self.open(disk)
      try Self.expectRecovering(opened, "\(name)")
      #expect(opened.recovered.entries.count == entries, "\(name)")
      #expect(!opened.recovered.report.lost.isEmpty, "\(name)")
      try opened.log.write([
        LogWorld.entry(opened.log.last.index.rawValue + 1, size: 40)
      ])
      _ = try Self.open(disk.copy(), successor: nil)
    }
  }

  @Test("The folder of the segments is missing")
  func missingFolder() throws {
    let disk = InMemoryDisk()
    let base = try Self.written()
    for path in base.paths where !path.contains("/log/") {
      disk.setContents(of: path, to: try #require(base.contents(of: path)))
    }
    #expect(throws: LogFault.self) { try Self.open(disk.copy(), successor: nil) }
    let opened = try Self.open(disk)
    try Self.expectRecovering(opened)
    #expect(opened.recovered.entries.isEmpty)
  }

  @Test("Either copy of the group's record may rot; both are refused")
  func groupRecord() throws {
    let base = try Self.written()
    let bytes = try #require(base.contents(of: "/group"))
    for place in bytes.indices {
      for name in ["group", "group.copy"] {
        let disk = base.copy()
        try Self.flip(place, of: "/" + name, on: disk)
        let (log, recovered) = try Self.open(disk)
        #expect(log.group == Self.group, "\(name) byte \(place)")
        #expect(recovered.report.damagedRecords.map(\.file) == [name], "byte \(place)")
        #expect(disk.contents(of: "/" + name) == bytes, "\(name) byte \(place)")
      }
      let disk = base.copy()
      for name in ["/group", "/group.copy"] { try Self.flip(place, of: name, on: disk) }
      #expect(throws: LogFault.self, "byte \(place)") { try Self.open(disk) }
    }
  }

  @Test("A group of one, a directory opened without a successor, and other limits are refused")
  func refused() throws {
    var alone = GroupRecord(incarnation: 5, founders: [1])
    _ = alone.learn(.init(1, 5))
    let cases: [(InMemoryDisk, Incarnation?)] = [
      (try Self.written(alone), 100), (try Self.written(), nil),
    ]
    for (disk, successor) in cases {
      try Self.flip(200, of: Self.segments(disk)[1], on: disk)
      let before = disk.paths
      #expect(throws: LogFault.self) { try Self.open(disk, successor: successor) }
      #expect(disk.paths == before)
    }
    var small = Self.limits
    small.maximumBatch = 30
    let disk = try Self.written()
    #expect(throws: LogFault.self) { try Self.open(disk, limits: small) }
    #expect(try Self.open(disk).log.group == Self.group)
  }

  @Test("A founder that was not introduced has promised nothing: it stays who it is")
  func notIntroduced() throws {
    let fresh = GroupRecord(incarnation: 5, founders: [1, 2, 3])
    let disk = try Self.written(fresh)
    try Self.flip(0, of: Self.segments(disk)[0], on: disk)
    let (log, recovered) = try Self.open(disk)
    #expect(log.group == fresh)
    #expect(recovered.entries.isEmpty && !recovered.report.lost.isEmpty)
  }

  @Test("Damage comes again and again: the files of three recoveries stay, and lives are counted")
  func again() throws {
    let disk = try Self.written()
    var opened = 0
    while opened < 40 {
      let path = try #require(Self.segments(disk).last)
      try Self.flip(0, of: path, on: disk)
      do throws(LogFault) {
        let (log, recovered) = try Self.open(disk, successor: Incarnation(100 + UInt64(opened)))
        try? log.write([LogWorld.entry(log.last.index.rawValue + 1)])
        #expect(recovered.report.setAside.count <= 3, "\(recovered.report.setAside)")
        #expect(log.group?.generation == Generation(UInt64(opened) + 1))
        opened += 1
      } catch {
        break
      }
      disk.crash()
    }
    #expect(opened == 32, "then it is refused")
  }
}
