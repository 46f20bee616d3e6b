import AionLog
import AionModel
import AionRaft
import Testing

@Suite("Batches")
struct BatchTests {
  private let directory = InMemoryLogDirectory()

  private func headers(_ limits: LogLimits = LogWorld.limits) throws -> [PayloadHeader] {
    var scanner = try LogScanner(
      directory.disk.copy().root, owner: LogWorld.identity.owner, limits: limits)
    var headers: [PayloadHeader] = []
    while let event = try scanner.next() {
      if case .batch(let header, _) = event { headers.append(header) }
    }
    return headers
  }

  @Test("Every kind of entry comes back as it was, at the ends of every range")
  func kinds() throws {
    let commands: [[UInt8]] = [
      [], [0], LogWorld.payload(127), LogWorld.payload(128), LogWorld.payload(20_000),
    ]
    let times: [Int64] = [0, 1, -1, .max, .min, 1_772_368_496_789_000_000]
    var entries: [Entry] = []
    func add(_ term: UInt64, _ time: Int64, _ payload: Entry.Payload) {
      entries.append(
        Entry(
          index: LogIndex(UInt64(entries.count) + 1), term: Term(term),
          proposedAt: WallTime(nanosecondsSince1970: time), payload: payload))
    }
    for time in times {
      for command in commands { add(1, time, .command(command)) }
      add(127, time, .empty)
    }
    entries = entries.sorted { $0.index < $1.index }.map { entry in
      var entry = entry
      entry.term = Term(entry.index.rawValue * 1_000_000_007)
      return entry
    }
    let change = ConfigurationChange(
      transition: .explicit,
      steps: [.addVoter(1), .addLearner(ReplicaID(.max)), .remove(3), .update(4)],
      context: LogWorld.payload(300))
    add(.max, 7, .configuration(change))
    add(.max, 7, .configuration(ConfigurationChange(steps: [])))
    let state = HardState(term: Term(.max), vote: ReplicaID(.max), commit: 3)
    var limits = LogWorld.limits
    limits.maximumBatch = .mebibytes(1)
    do {
      let (log, _) = try LogWorld.open(directory, limits: limits)
      try log.write(entries, hardState: state)
    }
    let recovered = try LogWorld.open(directory, limits: limits).recovered
    #expect(recovered.entries == entries)
    #expect(recovered.hardState == state)
  }

  @Test("Checklist 62: a batch that does not shrink is stored raw, one that does is not")
  func rawBlocks() throws {
    let (log, _) = try LogWorld.open(directory)
    try log.write([LogWorld.entry(1, size: 6_000)])
    let even = [UInt8](repeating: 7, count: 6_000)
    try log.write([Entry(index: 2, term: 1, payload: .command(even))])
    let headers = try headers()
    #expect(headers[0].holdsRawBlocks)
    #expect(headers[0].frameLength - headers[0].unpackedLength < 64)
    #expect(!headers[1].holdsRawBlocks)
    #expect(headers[1].frameLength.bytes < 200)
  }

  @Test("Batches stand on units of 16 bytes, one after the other")
  func units() throws {
    let (log, _) = try LogWorld.open(directory)
    for index in UInt64(1)...40 { try log.write([LogWorld.entry(index, size: Int(index) * 3)]) }
    var expected = SegmentHeader.length
    for header in try headers() {
      #expect(header.offset.bytes % 16 == 0)
      #expect(header.offset == expected)
      #expect(header.syncedOffset == header.offset)
      expected += header.totalLength
    }
  }

  @Test("Checklist 66: without preallocation, and where it fails, appends are plain")
  func plainAppends() throws {
    let (log, _) = try LogWorld.open(directory, limits: LogWorld.plainAppends)
    for index in UInt64(1)...20 { try log.write([LogWorld.entry(index)]) }
    let path = "/log/00000000000000000001.log"
    let bytes = try #require(directory.disk.contents(of: path))
    let last = try #require(try headers(LogWorld.plainAppends).last)
    #expect(ByteCount(bytes.count) == last.offset + last.totalLength)
    #expect(log.nextPreparation() == nil)

    let full = InMemoryLogDirectory()
    let (other, _) = try LogWorld.open(full)
    full.disk.faults.capacity = .kibibytes(3)
    for index in UInt64(1)...11 { try other.write([LogWorld.entry(index, size: 140)]) }
    #expect(
      try LogWorld.open(full.disk.copy().root).recovered.entries
        == LogWorld.entries(1...11, size: 140))
  }

  @Test("Checklist 8: a hard state without entries is a batch of its own")
  func hardStateOnly() throws {
    do {
      let (log, _) = try LogWorld.open(directory)
      try log.write(LogWorld.entries(1...3), hardState: HardState(term: 1))
      try log.write([], hardState: HardState(term: 1, commit: 3))
      let before = directory.disk.operationCount
      try log.write([])
      #expect(directory.disk.operationCount == before)
    }
    directory.disk.crash()
    let recovered = try LogWorld.open(directory).recovered
    #expect(recovered.hardState == HardState(term: 1, commit: 3))
    #expect(recovered.entries == LogWorld.entries(1...3))
  }

  @Test("Checklist 26: overwriting what is committed stops the process")
  func overwritesCommitted() async {
    await #expect(processExitsWith: .failure) {
      let (log, _) = try LogWorld.open(InMemoryLogDirectory())
      try log.write(LogWorld.entries(1...3), hardState: HardState(term: 1, commit: 2))
      try log.write([LogWorld.entry(2)])
    }
  }
}
