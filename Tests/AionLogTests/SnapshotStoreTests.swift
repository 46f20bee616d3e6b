import AionLog
import AionModel
import AionRaft
import Testing

@Suite("Snapshots")
struct SnapshotStoreTests {
  private let directory = InMemoryLogDirectory()
  private var disk: InMemoryDisk { directory.disk }

  private static func description(at index: UInt64, term: UInt64 = 1) -> SnapshotDescription {
    SnapshotDescription(
      metadata: SnapshotMetadata(
        position: LogPosition(term: Term(term), index: LogIndex(index)),
        membership: Membership(
          voters: [1, 2], outgoingVoters: [2, 3], learners: [4], stagedLearners: [3],
          leavesAutomatically: true)),
      catalogVersion: CatalogVersion(index), counts: [.init("shards", 12), .init("nodes", 3)],
      createdAt: WallTime(nanosecondsSince1970: 5))
  }

  private static let chunks = (1...5).map { LogWorld.payload(3_000 * $0, seed: UInt64($0)) }

  @discardableResult
  private func write(
    at index: UInt64, term: UInt64 = 1, to log: Log<InMemoryLogDirectory>
  ) throws -> SnapshotFooter {
    let writer = try log.snapshots.write(Self.description(at: index, term: term))
    for chunk in Self.chunks { try writer.append(records: chunk, count: 10) }
    let footer = try writer.finish(digest: SnapshotDigest(rawValue: 1 << 100))
    try log.noteSnapshot(at: LogIndex(index))
    return footer
  }

  private func path(_ index: UInt64) -> String {
    let digits = String(index)
    return "/snapshots/" + String(repeating: "0", count: 20 - digits.count) + digits + ".snap"
  }

  @Test("Checklist 41: a snapshot comes back as it was written, with its joint membership")
  func roundTrip() throws {
    let (log, _) = try LogWorld.open(directory)
    try log.write(LogWorld.entries(1...10))
    let footer = try write(at: 8, to: log)
    var reader = try log.snapshots.read(at: 8)
    #expect(reader.description == Self.description(at: 8))
    for chunk in Self.chunks { #expect(try reader.next() == chunk) }
    #expect(reader.footer == nil)
    #expect(try reader.next() == nil)
    #expect(reader.footer == footer)
    #expect(footer.digest == SnapshotDigest(rawValue: 1 << 100))
    #expect(footer.records == 50)
  }

  @Test("What a snapshot covers is not handed out again, and the log goes on after it")
  func recovery() throws {
    do {
      let (log, _) = try LogWorld.open(directory)
      try log.write(LogWorld.entries(1...10))
      try write(at: 8, to: log)
    }
    let (log, recovered) = try LogWorld.open(directory)
    #expect(recovered.snapshot == Self.description(at: 8))
    #expect(recovered.entries == LogWorld.entries(9...10))
    #expect(log.snapshotIndex == 8)
  }

  @Test("Checklist 59: a bit flipped at every byte of a snapshot is told with its place")
  func everyByte() throws {
    let (log, _) = try LogWorld.open(directory)
    try log.write(LogWorld.entries(1...10))
    let writer = try log.snapshots.write(Self.description(at: 8))
    try writer.append(records: LogWorld.payload(700), count: 10)
    try writer.append(records: LogWorld.payload(700, seed: 2), count: 10)
    _ = try writer.finish(digest: SnapshotDigest(rawValue: 9))
    let bytes = try #require(disk.contents(of: path(8)))
    for place in bytes.indices {
      for bit in 0..<8 {
        var rotten = bytes
        rotten[place] ^= 1 << UInt8(bit)
        disk.setContents(of: path(8), to: rotten)
        #expect("byte \(place) bit \(bit)") {
          _ = try log.snapshots.verify(at: 8)
        } throws: { error in
          guard case .damaged(let damage) = error as? LogFault else { return false }
          return "/" + damage.file == path(8) && damage.offset.bytes <= place
        }
      }
    }
    for length in bytes.indices {
      disk.setContents(of: path(8), to: Array(bytes.prefix(length)))
      #expect(throws: LogFault.self) { _ = try log.snapshots.verify(at: 8) }
    }
    disk.setContents(of: path(8), to: bytes + [0])
    #expect(throws: LogFault.self) { _ = try log.snapshots.verify(at: 8) }
  }

  /// 300 entries, of which the first hundred are in a snapshot only, and a newer snapshot that does
  /// not hold.
  private func writeRotten() throws {
    let (log, _) = try LogWorld.open(directory)
    for index in UInt64(1)...300 { try log.write([LogWorld.entry(index, size: 60)]) }
    try write(at: 100, to: log)
    try write(at: 250, to: log)
    try log.removeSegments(below: 101)
    var rotten = try #require(disk.contents(of: path(250)))
    rotten[rotten.count / 2] ^= 16
    disk.setContents(of: path(250), to: rotten)
  }

  @Test(
    "Checklist 50: a damaged newest snapshot gives way to the one before while the log connects")
  func fallsBack() throws {
    try writeRotten()
    do {
      let (log, recovered) = try LogWorld.open(directory)
      #expect(recovered.snapshot?.metadata.position.index == 100)
      #expect(recovered.entries == LogWorld.entries(101...300, size: 60))
      #expect(recovered.report.damagedSnapshots.map(\.file) == [String(path(250).dropFirst())])
      // The damaged one does not count as one of the two that are kept.
      try write(at: 290, to: log)
      #expect(try log.snapshots.indexes() == [100, 290])
    }
  }

  @Test("A snapshot that is written where a damaged one was stays, and counts as kept later on")
  func writtenAnew() throws {
    try writeRotten()
    let (log, _) = try LogWorld.open(directory)
    try write(at: 250, to: log)
    #expect(try log.snapshots.indexes() == [100, 250])
    #expect(throws: Never.self) { _ = try log.snapshots.verify(at: 250) }
    try write(at: 290, to: log)
    #expect(try log.snapshots.indexes() == [250, 290])
  }

  @Test(
    "Checklist 50: a damaged newest snapshot is refused when the log does not connect before it")
  func doesNotConnect() throws {
    do {
      let (log, _) = try LogWorld.open(directory)
      for index in UInt64(1)...300 { try log.write([LogWorld.entry(index, size: 60)]) }
      try write(at: 250, to: log)
      #expect(try log.removeSegments(below: 251).count > 2)
    }
    for damage in [true, false] {
      let copy = disk.copy()
      if damage {
        copy.setContents(of: path(250), to: [1, 2, 3])
      } else {
        copy.removeFile(at: path(250))
      }
      let outcome = Outcome(of: copy)
      #expect(outcome.damage?.finding.code == "doesNotConnect", "\(outcome.summary)")
    }
    #expect(Outcome(of: disk).recovered?.entries.count == 50)
  }

  @Test("Checklist 72: removing segments keeps everything after the newest whole snapshot")
  func retention() throws {
    do {
      let (log, _) = try LogWorld.open(directory)
      for index in UInt64(1)...300 { try log.write([LogWorld.entry(index, size: 60)]) }
      try log.write([], hardState: HardState(term: 7, vote: 3, commit: 300))
      #expect(try log.removeSegments(below: 1_000).isEmpty)
      try write(at: 150, to: log)
      #expect(try !log.removeSegments(below: 1_000).isEmpty)
      #expect(try log.removeSegments(below: 1_000).isEmpty)
    }
    disk.crash()
    let (_, recovered) = try LogWorld.open(directory)
    #expect(recovered.entries == LogWorld.entries(151...300, size: 60))
    #expect(recovered.hardState == HardState(term: 7, vote: 3, commit: 300))
  }

  @Test("Checklist 9: the hard state outlives the segment that held it")
  func hardStateOutlives() throws {
    let state = HardState(term: 7, vote: 3)
    do {
      let (log, _) = try LogWorld.open(directory)
      try log.write([], hardState: state)
      for index in UInt64(1)...300 { try log.write([LogWorld.entry(index, term: 7, size: 60)]) }
      try write(at: 299, term: 7, to: log)
      try log.removeSegments(below: 300)
    }
    disk.crash()
    let recovered = try LogWorld.open(directory).recovered
    #expect(recovered.hardState == state)
    #expect(recovered.entries == [LogWorld.entry(300, term: 7, size: 60)])
  }

  @Test("The newest two snapshots are kept")
  func keepsTwo() throws {
    let (log, _) = try LogWorld.open(directory)
    try log.write(LogWorld.entries(1...10))
    for index in UInt64(3)...8 { try write(at: index, to: log) }
    #expect(try log.snapshots.indexes() == [7, 8])
  }

  @Test("Checklist 49: a snapshot without its end is a leftover, removed at the next opening")
  func leftover() throws {
    do {
      let (log, _) = try LogWorld.open(directory)
      try log.write(LogWorld.entries(1...10))
      let writer = try log.snapshots.write(Self.description(at: 8))
      try writer.append(records: Self.chunks[0], count: 10)
    }
    let (log, recovered) = try LogWorld.open(directory)
    #expect(recovered.snapshot == nil)
    #expect(recovered.report.leftovers == [path(8).dropFirst("/snapshots/".count) + ".tmp"])
    #expect(try log.snapshots.indexes().isEmpty)
  }

  @Test("A snapshot that does not fit on the disk is refused and leaves nothing behind")
  func diskFull() throws {
    let (log, _) = try LogWorld.open(directory)
    try log.write(LogWorld.entries(1...10))
    let used = disk.paths.reduce(0) { $0 + (disk.contents(of: $1)?.count ?? 0) }
    disk.faults.capacity = ByteCount(used + 2_000)
    #expect {
      try write(at: 8, to: log)
    } throws: { error in
      guard case .diskFull = error as? LogFault else { return false }
      return true
    }
    #expect(!disk.paths.contains { $0.hasPrefix("/snapshots/") })
    disk.faults.capacity = nil
    try write(at: 8, to: log)
  }

  @Test("A log starts over after a snapshot of the leader, also when a crash comes between the two")
  func startsOver() throws {
    for crashes in [false, true] {
      let directory = InMemoryLogDirectory()
      do {
        let (log, _) = try LogWorld.open(directory)
        try log.write(LogWorld.entries(1...10), hardState: HardState(term: 1, vote: 1, commit: 4))
        let writer = try log.snapshots.write(Self.description(at: 50, term: 3))
        _ = try writer.finish(digest: SnapshotDigest(rawValue: 0))
        try log.noteSnapshot(at: 50)
        if !crashes {
          try log.startOver(after: LogPosition(term: 3, index: 50))
          try log.write(LogWorld.entries(51...52, term: 3))
        }
      }
      directory.disk.crash()
      let (log, recovered) = try LogWorld.open(directory)
      #expect(recovered.entries == (crashes ? [] : LogWorld.entries(51...52, term: 3)))
      #expect(recovered.hardState.commit == 50)
      #expect(recovered.hardState.term == 3)
      let next = log.last.index.rawValue + 1
      #expect(next == (crashes ? 51 : 53))
      try log.write([LogWorld.entry(next, term: 3)])
      directory.disk.crash()
      #expect(try LogWorld.open(directory).recovered.entries.last?.index == LogIndex(next))
    }
  }

  @Test("A log that tells another history than its snapshot is superseded by it")
  func otherHistory() throws {
    do {
      let (log, _) = try LogWorld.open(directory)
      try log.write(LogWorld.entries(1...10))
      let writer = try log.snapshots.write(Self.description(at: 8, term: 2))
      _ = try writer.finish(digest: SnapshotDigest(rawValue: 0))
    }
    let (log, recovered) = try LogWorld.open(directory)
    #expect(recovered.entries.isEmpty)
    #expect(log.last == LogPosition(term: 2, index: 8))
    try log.write([LogWorld.entry(9, term: 2)])
    #expect(try LogWorld.open(disk.copy().root).recovered.entries == [LogWorld.entry(9, term: 2)])
  }

  @Test("Checklist 78: opening reads no segment that the snapshot covers")
  func linearInTheRest() throws {
    do {
      let (log, _) = try LogWorld.open(directory)
      for index in UInt64(1)...300 { try log.write([LogWorld.entry(index, size: 60)]) }
      try write(at: 290, to: log)
    }
    let (_, recovered) = try LogWorld.open(directory)
    #expect(recovered.report.segments == 1)
    #expect(recovered.report.entries < 100)
    #expect(recovered.entries.count == 10)
  }
}
