import AionLog
import AionModel
import AionRaft
import Testing

/// A crash after every single operation of a run that creates, rotates, overwrites, snapshots and
/// deletes, with several outcomes of what the disk kept.
@Suite("A crash at every point")
struct CrashPointTests {
  /// What somebody was told is durable.
  final class Promises {
    var entries: [Entry] = []
    var hardState = HardState()
    /// What was being appended when it ended.
    var attempted: [Entry] = []
    var snapshot = LogIndex.zero
  }

  private static let limits = LogLimits(
    segmentSize: .kibibytes(1), preallocation: 768, growth: 256, maximumBatch: .kibibytes(8))

  @Test("Checklist 57: a crash at any point of creating, rotating or removing leaves what opens")
  func everyOperation() throws {
    let total = try operationCount()
    #expect(total > 100)
    for operation in 0..<total {
      for survival in Self.survivals(operation) {
        try crash(after: operation, survival)
      }
    }
  }

  private static func survivals(_ operation: Int) -> [InMemoryDisk.Survival] {
    let seed = UInt64(operation) &* 8
    return [.synced, .everything, .prefix(seed: seed), .prefix(seed: seed + 1)]
      + (2..<5).map { .sectors(seed: seed + $0) }
  }

  private func operationCount() throws -> Int {
    let disk = InMemoryDisk()
    try run(on: disk, Promises())
    return disk.operationCount
  }

  private func crash(after operation: Int, _ survival: InMemoryDisk.Survival) throws {
    let place = "operation \(operation), \(survival)"
    let disk = InMemoryDisk()
    let promises = Promises()
    disk.faults.operationsBeforeCrash = operation
    #expect(throws: LogFault.self, "\(place)") { try run(on: disk, promises) }
    disk.crash(survival)

    // A second crash, while recovering from the first, must not matter either.
    disk.faults.operationsBeforeCrash = operation % 7
    _ = try? LogWorld.open(disk.root, limits: Self.limits)
    disk.crash(survival)
    let last = try check(disk, promises, place)

    do {
      let (log, _) = try LogWorld.open(disk.root, limits: Self.limits)
      try log.write([LogWorld.entry(last.index.rawValue + 1, term: last.term.rawValue + 1)])
    }
    disk.crash()
    let recovered = try LogWorld.open(disk.root, limits: Self.limits).recovered
    #expect(recovered.entries.last?.index == last.index.next, "\(place)")
  }

  /// Opens and holds what is there against what was promised.
  private func check(
    _ disk: InMemoryDisk, _ promises: Promises, _ place: String
  ) throws -> LogPosition {
    let outcome = Outcome(of: disk, limits: Self.limits)
    let recovered = try #require(outcome.recovered, "\(place): \(outcome.summary)")
    let base = recovered.snapshot?.metadata.position.index ?? .zero
    #expect(base >= promises.snapshot, "\(place)")
    #expect(recovered.hardState.term >= promises.hardState.term, "\(place)")
    let promised = promises.entries.filter { $0.index > base }
    let attempted =
      promises.entries.filter { $0.index > base && $0.index < promises.attempted[0].index }
      + promises.attempted.filter { $0.index > base }
    #expect(
      recovered.entries == promised || recovered.entries == attempted,
      "\(place): \(recovered.entries.count) of \(promised.count)")
    #expect(recovered.report.damagedSnapshots.isEmpty, "\(place)")
    return recovered.entries.last?.position
      ?? recovered.snapshot?.metadata.position ?? .zero
  }

  private func run(on disk: InMemoryDisk, _ promises: Promises) throws {
    promises.attempted = LogWorld.entries(1...1)
    let (log, _) = try LogWorld.open(disk.root, limits: Self.limits)
    for index in UInt64(1)...14 {
      let commit = LogIndex(max(2, index) - 2)
      try append([LogWorld.entry(index, size: 90)], commit: commit, to: log, promises)
      if index == 7 || index == 12 { try prepare(log) }
      if index == 5 || index == 9 || index == 13 {
        try snapshot(at: LogIndex(index - 2), of: log, promises)
      }
    }
    // A new leader replaces the last two.
    try append(LogWorld.entries(13...14, term: 2, size: 200), commit: 12, to: log, promises)
    try append(LogWorld.entries(15...17, term: 2, size: 200), commit: 13, to: log, promises)
  }

  private func append(
    _ entries: [Entry], commit: LogIndex, to log: Log<InMemoryLogDirectory>, _ promises: Promises
  ) throws {
    let state = HardState(term: entries[0].term, vote: 1, commit: commit)
    promises.attempted = entries
    try log.append(hardState: state, entries: entries)
    try log.sync()
    promises.entries.removeAll { $0.index >= entries[0].index }
    promises.entries += entries
    promises.hardState = state
  }

  private func prepare(_ log: Log<InMemoryLogDirectory>) throws {
    if let preparation = log.nextPreparation() {
      do { log.adopt(try preparation.run()) } catch { throw LogFault.file(error) }
    }
  }

  private func snapshot(
    at index: LogIndex, of log: Log<InMemoryLogDirectory>, _ promises: Promises
  ) throws {
    let writer = try log.snapshots.write(
      SnapshotDescription(
        metadata: SnapshotMetadata(
          position: LogPosition(term: 1, index: index), membership: Membership(voters: [1])),
        catalogVersion: CatalogVersion(index)))
    try writer.append(records: LogWorld.payload(700), count: 70)
    _ = try writer.finish(digest: SnapshotDigest(rawValue: 1))
    promises.snapshot = index
    let before = log.snapshotIndex
    try log.noteSnapshot(at: index)
    try log.removeSegments(below: before.next)
  }
}
