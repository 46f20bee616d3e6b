import AionLog
import AionModel
import AionRaft
import Testing

@Suite("The tail of the log after a crash")
struct TornTailTests {
  private let attack: Attack

  init() throws { attack = try Attack() }

  @Test(
    "Checklist 58: cut at every byte of the last batch, that batch goes and all before it stays")
  func cutAtEveryByte() throws {
    let path = try attack.lastSegment()
    let bytes = try attack.contents(of: path)
    let batch = try #require(try attack.batches(of: path).last)
    for cut in batch {
      let outcome = try attack.opening(lastSegment: Array(bytes.prefix(cut)))
      let recovered = try #require(outcome.recovered, "cut at \(cut): \(outcome.summary)")
      #expect(recovered.entries == attack.entries.dropLast(3), "cut at \(cut)")
      #expect((recovered.report.tornTail != nil) == (cut > batch.lowerBound), "cut at \(cut)")
    }
    let whole = try attack.opening(lastSegment: Array(bytes.prefix(batch.upperBound)))
    #expect(whole.recovered?.entries == attack.entries)
    #expect(whole.recovered?.report.tornTail == nil)
  }

  @Test("A last batch of which any whole sectors were not written is dropped")
  func anySectorMissing() throws {
    let directory = InMemoryLogDirectory()
    let (log, _) = try LogWorld.open(directory)
    try log.write(LogWorld.entries(1...3))
    try log.write([LogWorld.entry(4, size: 2_000)])
    let path = "/log/00000000000000000001.log"
    let bytes = try #require(directory.disk.contents(of: path))
    let end = try #require(bytes.lastIndex { $0 != 0 }) + 1
    for sector in 1...(end / 512) {
      var torn = bytes
      for place in (sector * 512)..<min(end, sector * 512 + 512) { torn[place] = 0 }
      directory.disk.setContents(of: path, to: torn)
      let outcome = Outcome(of: directory.disk.copy())
      #expect(outcome.recovered?.entries == LogWorld.entries(1...3), "\(outcome.summary)")
      #expect(outcome.recovered?.report.tornTail != nil, "sector \(sector)")
    }
  }

  @Test("Less than a sector of the last batch overwritten with zeros is damage, not a crash")
  func partOfSector() throws {
    let path = try attack.lastSegment()
    let bytes = try attack.contents(of: path)
    let batch = try #require(try attack.batches(of: path).last)
    var damaged = bytes
    for place in batch where place % 512 != 511 && place > batch.lowerBound + 64 {
      if place < batch.upperBound - 1 { damaged[place] = 0 }
    }
    let outcome = try attack.opening(lastSegment: damaged)
    #expect(outcome.damage?.finding.code == "payloadChecksum", "\(outcome.summary)")
  }

  @Test("Checklist 61: bytes after a gap of zeros are wiped before anything is appended")
  func garbageAfterGap() throws {
    let path = try attack.lastSegment()
    let bytes = try attack.contents(of: path)
    let end = try #require(try attack.batches(of: path).last).upperBound
    var torn = bytes
    torn += [UInt8](repeating: 0, count: 4096)
    for place in (end + 1500)..<(end + 1700) { torn[place] = 0xAB }
    let disk = attack.disk.copy()
    disk.setContents(of: path, to: torn)
    do {
      let (log, recovered) = try LogWorld.open(disk.root)
      #expect(recovered.entries == attack.entries)
      #expect(recovered.report.tornTail?.range.upperBound == ByteCount(end + 1700))
      let after = try #require(disk.contents(of: path))
      #expect(after[end...].allSatisfy { $0 == 0 })
      try log.write([LogWorld.entry(164, size: 40)])
    }
    disk.crash()
    let outcome = Outcome(of: disk)
    #expect(outcome.recovered?.entries.count == 164, "\(outcome.summary)")
  }

  @Test(
    "A batch that does not hold before one written after its sync is damage, whatever is missing")
  func validBatchFollows() throws {
    let path = try attack.lastSegment()
    let bytes = try attack.contents(of: path)
    let batches = try attack.batches(of: path)
    let batch = batches[batches.count - 2]
    var damaged = bytes
    for place in batch { damaged[place] = 0 }
    let outcome = try attack.opening(lastSegment: damaged)
    let damage = try #require(outcome.damage, "\(outcome.summary)")
    #expect(damage.offset == ByteCount(batch.lowerBound))
    #expect(
      damage.finding == .validBatchFollows(at: ByteCount(batches[batches.count - 1].lowerBound)))
  }

  @Test("Of several batches between two syncs a crash keeps a prefix, however they were torn")
  func unsyncedBatches() throws {
    for seed in UInt64(0)..<300 {
      let directory = InMemoryLogDirectory()
      do {
        let (log, _) = try LogWorld.open(directory)
        try log.write(LogWorld.entries(1...3))
        for index in UInt64(4)...9 { try log.append(entries: [LogWorld.entry(index, size: 300)]) }
      }
      directory.disk.crash(.sectors(seed: seed))
      let outcome = Outcome(of: directory.disk)
      let recovered = try #require(outcome.recovered, "seed \(seed): \(outcome.summary)")
      let all = LogWorld.entries(1...3) + LogWorld.entries(4...9, size: 300)
      #expect(recovered.entries.count >= 3, "seed \(seed)")
      #expect(recovered.entries == Array(all.prefix(recovered.entries.count)), "seed \(seed)")
    }
  }

  @Test("Checklist 64: a last segment that is empty, all zeros, or only a header opens")
  func emptyLastSegment() throws {
    let disk = attack.disk.copy()
    let path = try attack.lastSegment()
    let batches = try attack.batches(of: path)
    let bytes = try attack.contents(of: path)
    let before = attack.entries.count - 3 - (batches.count - 1)
    for content in [[], [UInt8](repeating: 0, count: 4096), Array(bytes.prefix(128))] {
      let copy = disk.copy()
      copy.setContents(of: path, to: content)
      for _ in 0..<2 {
        let outcome = Outcome(of: copy)
        #expect(outcome.recovered?.entries.count == before, "\(outcome.summary)")
      }
    }
  }
}
