import AionLog
import AionModel
import AionRaft
import Testing

@Suite("Entries that another leader's replace, across segments")
struct OverwrittenSegmentTests {
  private static let limits = LogLimits(
    segmentSize: .kibibytes(1), preallocation: 768, growth: 256, maximumBatch: .kibibytes(8))

  /// Ten long entries over several segments; from the fifth on, short ones of another leader take
  /// their place in the newest; then a snapshot.
  private func write(to log: Log<InMemoryLogDirectory>, removing: Bool) throws {
    for index in UInt64(1)...10 {
      let hardState = HardState(term: 1, commit: index > 2 ? 2 : .zero)
      try log.write([LogWorld.entry(index, size: 300)], hardState: hardState)
    }
    for index in UInt64(5)...12 {
      try log.write([LogWorld.entry(index, term: 2, size: 4)], hardState: HardState(term: 2))
    }
    try log.append(hardState: HardState(term: 2, commit: 12))
    try log.sync()
    try snapshot(log, at: 12)
    if removing { #expect(try !log.removeSegments(below: 13).isEmpty) }
  }

  private func snapshot(_ log: Log<InMemoryLogDirectory>, at index: LogIndex) throws {
    let position = LogPosition(term: 2, index: index)
    let metadata = SnapshotMetadata(position: position, membership: Membership(voters: [1]))
    let writer = try log.snapshots.write(
      SnapshotDescription(metadata: metadata, catalogVersion: 7))
    _ = try writer.finish(digest: SnapshotDigest(rawValue: 1))
    try log.noteSnapshot(at: index)
  }

  @Test(
    "What follows the snapshot stays, be it that the snapshot ends where a segment began",
    arguments: [0, 1, 4] as [UInt64], [false, true])
  func loseNothing(reach: UInt64, removing: Bool) throws {
    let directory = InMemoryLogDirectory()
    var next = UInt64(1)
    do {
      let (log, _) = try LogWorld.open(directory, limits: Self.limits)
      while directory.disk.paths.count(where: { $0.hasSuffix(".log") }) < 2 {
        try log.write([LogWorld.entry(next, size: 100)])
        next += 1
      }
      // The newest entry before the second segment is among those that are replaced in it.
      let base = next - 2
      try log.write(
        LogWorld.entries(base - 1...base + 4, term: 2), hardState: HardState(term: 2))
      try snapshot(log, at: LogIndex(base + reach))
      if removing { #expect(try !log.removeSegments(below: LogIndex(next)).isEmpty) }
    }
    directory.disk.crash()
    let (log, recovered) = try LogWorld.open(directory, limits: Self.limits)
    let kept = (next - 1 + reach..<next + 3).map { LogWorld.entry($0, term: 2) }
    #expect(recovered.entries == kept)
    #expect(log.last == LogPosition(term: 2, index: LogIndex(next + 2)))
  }

  @Test("Where those segments are gone, or not read, the rest opens", arguments: [false, true])
  func opens(removing: Bool) throws {
    let directory = InMemoryLogDirectory()
    do {
      let (log, _) = try LogWorld.open(directory, limits: Self.limits)
      try write(to: log, removing: removing)
    }
    directory.disk.crash()
    do {
      let (log, recovered) = try LogWorld.open(directory, limits: Self.limits)
      #expect(recovered.snapshot?.metadata.position.index == 12)
      #expect(recovered.entries.isEmpty)
      #expect(log.last == LogPosition(term: 2, index: 12))
      try log.write([LogWorld.entry(13, term: 2)])
    }
    directory.disk.crash()
    let (_, recovered) = try LogWorld.open(directory, limits: Self.limits)
    #expect(recovered.entries == [LogWorld.entry(13, term: 2)])
    #expect(recovered.hardState.commit == 12)
  }

  @Test("The inspector's scan takes such a directory for whole, too")
  func scans() throws {
    let directory = InMemoryLogDirectory()
    let (log, _) = try LogWorld.open(directory, limits: Self.limits)
    try write(to: log, removing: true)
    var scanner = try LogScanner(
      directory, owner: LogWorld.identity.owner, limits: Self.limits)
    var newest = LogIndex.zero
    while let event = try scanner.next() {
      if case .batch(_, let batch) = event, let last = batch.entries.last { newest = last.index }
    }
    #expect(newest == 12)
  }
}
