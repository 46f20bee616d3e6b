import AionLog
import AionModel
import AionRaft
import Testing

/// Random changes to whole files, headers re-signed half of the time so that the checks behind the
/// checksums are reached, the unpacker among them.
@Suite("Random mutations")
struct MutationFuzzTests {
  @Test("Checklist 62: no mutation of a segment traps, and none loses an entry silently")
  func segments() throws {
    let attack = try Attack(limits: LogWorld.plainAppends, batches: 12)
    let path = try attack.lastSegment()
    let batches = try attack.batches(of: path)
    let whole = try attack.contents(of: path)
    for seed in UInt64(0)..<3_000 {
      var generator = SplitMix64(seed: seed)
      var forged = ForgedBytes(bytes: whole)
      let batch = batches[Int(generator.next() % UInt64(batches.count))]
      for _ in 0...(generator.next() % 4) {
        mutate(&forged.bytes, in: batch, &generator)
      }
      let isSigned = generator.next() & 1 == 0
      if isSigned { sign(&forged, batch, batches) }
      let outcome = try attack.opening(lastSegment: forged.bytes, limits: LogWorld.plainAppends)
      if let recovered = outcome.recovered, !isSigned {
        let count = recovered.entries.count
        #expect(
          recovered.entries == Array(attack.entries.prefix(count)),
          "seed \(seed): repeat with swift test --filter MutationFuzzTests")
        #expect(
          count == attack.entries.count || recovered.report.tornTail != nil,
          "seed \(seed): repeat with swift test --filter MutationFuzzTests")
      }
    }
  }

  private func mutate(_ bytes: inout [UInt8], in range: Range<Int>, _ generator: inout SplitMix64) {
    let place = range.lowerBound + Int(generator.next() % UInt64(range.count))
    switch generator.next() % 4 {
    case 0: bytes[place] ^= 1 << UInt8(generator.next() % 8)
    case 1: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
    case 2: bytes[place] = 0xFF
    default:
      let from = range.lowerBound + Int(generator.next() % UInt64(range.count))
      bytes[place] = bytes[from]
    }
  }

  private func sign(_ forged: inout ForgedBytes, _ batch: Range<Int>, _ batches: [Range<Int>]) {
    let start = batch.lowerBound
    // A length that leaves the file cannot be chained; its header alone is signed.
    let length = Int(forged.number(UInt32.self, at: start + 4)) + 8
    let frame = Int(forged.number(UInt32.self, at: start + 16))
    guard start + length + frame <= forged.bytes.count else {
      return forged.resign(at: start, covered: 64)
    }
    let before = batches.last { $0.upperBound == start }
    forged.rechain(
      at: start, after: before?.lowerBound ?? 0, previousLength: before == nil ? 128 : 64)
  }

  @Test("Checklist 62: no mutation of a snapshot traps or passes")
  func snapshots() throws {
    let directory = InMemoryLogDirectory()
    let (log, _) = try LogWorld.open(directory)
    try log.write(LogWorld.entries(1...3))
    let writer = try log.snapshots.write(
      SnapshotDescription(
        metadata: SnapshotMetadata(
          position: LogPosition(term: 1, index: 2), membership: Membership(voters: [1])),
        catalogVersion: 2, counts: [.init("nodes", 4)]))
    try writer.append(records: LogWorld.payload(900), count: 90)
    _ = try writer.finish(digest: SnapshotDigest(rawValue: 3))
    let path = "/snapshots/00000000000000000002.snap"
    let whole = try #require(directory.disk.contents(of: path))
    for seed in UInt64(0)..<3_000 {
      var generator = SplitMix64(seed: seed)
      var forged = ForgedBytes(bytes: whole)
      mutate(&forged.bytes, in: 0..<whole.count, &generator)
      mutate(&forged.bytes, in: 0..<whole.count, &generator)
      if forged.bytes == whole { continue }
      let header = Int(forged.number(UInt32.self, at: 4)) + 8
      if generator.next() & 1 == 0, header < whole.count, header >= 16 {
        forged.resign(at: 0, covered: header)
      }
      directory.disk.setContents(of: path, to: forged.bytes)
      let passed = (try? log.snapshots.verify(at: 2)) != nil
      #expect(!passed, "seed \(seed): repeat with swift test --filter MutationFuzzTests")
    }
  }
}
