import AionLog
import AionModel
import AionRaft
import Testing

/// A snapshot of another replica that takes the place of a log.
@Suite("Installing another replica's snapshot")
struct InstallTests {
  private static let limits = LogLimits(
    segmentSize: .kibibytes(1), preallocation: 768, growth: 256, maximumBatch: .kibibytes(8))
  private static let position = LogPosition(term: 3, index: 20)
  private static let hardState = HardState(term: 4, vote: 2, commit: 20)

  /// The file as the leader has it.
  struct Source {
    let disk = InMemoryDisk()
    let file: SnapshotFile<InMemoryLogFile>
    let bytes: [UInt8]

    init(at position: LogPosition = InstallTests.position, seed: UInt64 = 1) throws {
      let leader = LogIdentity(cluster: LogWorld.identity.cluster, replica: 9, nodeName: "node-i")
      let log = try Log.open(disk.root, as: leader, limits: InstallTests.limits).log
      let writer = try log.snapshots.write(
        SnapshotDescription(
          metadata: SnapshotMetadata(
            position: position, membership: Membership(voters: [1, 9])),
          catalogVersion: 7))
      for chunk in UInt64(0)..<3 {
        try writer.append(records: LogWorld.payload(500, seed: seed + chunk), count: 50)
      }
      _ = try writer.finish(digest: SnapshotDigest(rawValue: 1))
      file = try log.snapshots.file(at: position)
      bytes = try file.bytes(at: .zero, count: file.id.size.bytes)
    }
  }

  /// Receives from where it was interrupted, in pieces of 300 bytes.
  private static func receive(
    _ source: Source, in log: Log<InMemoryLogDirectory>
  ) throws -> IncomingSnapshot<InMemoryLogDirectory> {
    let incoming = try log.snapshots.receive(source.file.id)
    while !incoming.isWhole {
      let piece = try source.file.bytes(at: incoming.synced, count: 300)
      let isTaken = try incoming.append(piece, at: incoming.synced)
      #expect(isTaken)
    }
    return incoming
  }

  @Test("A piece whose sync failed is not believed later: the file is begun anew")
  func failedSync() throws {
    let source = try Source()
    let disk = InMemoryDisk()
    let log = try Log.open(disk.root, as: LogWorld.identity, limits: Self.limits).log
    let incoming = try log.snapshots.receive(source.file.id)
    let half = source.bytes.count / 2
    #expect(try incoming.append(Array(source.bytes[..<half]), at: .zero))
    disk.faults.failsSync = true
    #expect(throws: LogFault.self) {
      try incoming.append(Array(source.bytes[half...]), at: ByteCount(half))
    }
    disk.faults.failsSync = false
    #expect(try log.snapshots.receive(source.file.id).synced == .zero)
  }

  /// What a follower had before: entries of other leaders, beyond the snapshot or not up to it.
  enum Before: CaseIterable, Sendable {
    case blank
    case shorter
    case longerAndOther
    /// As before, and a segment ends just where the snapshot does.
    case segmentEndsThere

    func write(to log: Log<InMemoryLogDirectory>) throws {
      switch self {
      case .blank: break
      case .shorter: try write(1...8, size: 100, to: log)
      case .longerAndOther: try write(1...26, size: 60, to: log)
      case .segmentEndsThere:
        try write(1...19, size: 10, to: log)
        try write(20...20, size: 1_200, to: log)
        try write(21...24, size: 10, to: log)
      }
    }

    private func write(
      _ indexes: ClosedRange<UInt64>, size: Int, to log: Log<InMemoryLogDirectory>
    ) throws {
      for index in indexes {
        try log.write(
          [LogWorld.entry(index, term: 2, size: size)],
          hardState: HardState(term: 2, vote: 1, commit: index > 2 ? 2 : .zero))
      }
    }
  }

  private static func install(
    _ source: Source, over before: Before, on disk: InMemoryDisk
  ) throws {
    let log = try LogWorld.open(disk.root, limits: limits).log
    if log.last == .zero { try before.write(to: log) }
    let incoming = try receive(source, in: log)
    try log.install(incoming, hardState: hardState)
    try log.removeSuperseded()
    try log.write([LogWorld.entry(21, term: 4)])
  }

  @Test("It takes the log's place, with the newest term and vote", arguments: Before.allCases)
  func installs(before: Before) throws {
    let disk = InMemoryDisk()
    let source = try Source()
    try Self.install(source, over: before, on: disk)
    disk.crash(.synced)
    let recovered = try LogWorld.open(disk.root, limits: Self.limits).recovered
    #expect(recovered.snapshot?.metadata.position == Self.position)
    #expect(recovered.hardState == Self.hardState)
    #expect(recovered.entries == [LogWorld.entry(21, term: 4)])
  }

  @Test("It stays where one was that did not hold")
  func overDamaged() throws {
    let disk = InMemoryDisk()
    let source = try Source()
    do {
      let log = try LogWorld.open(disk.root, limits: Self.limits).log
      try Before.shorter.write(to: log)
      let writer = try log.snapshots.write(
        SnapshotDescription(
          metadata: SnapshotMetadata(
            position: Self.position, membership: Membership(voters: [1, 9])),
          catalogVersion: 7))
      _ = try writer.finish(digest: SnapshotDigest(rawValue: 1))
    }
    disk.setContents(of: "/snapshots/00000000000000000020.snap", to: [1, 2, 3])
    try Self.install(source, over: .shorter, on: disk)
    let recovered = try LogWorld.open(disk.root, limits: Self.limits).recovered
    #expect(recovered.snapshot?.metadata.position == Self.position)
    #expect(recovered.report.damagedSnapshots.isEmpty)
  }

  @Test(
    "Power lost after any operation: the directory opens as it was before, or with the snapshot",
    arguments: Before.allCases)
  func everyOperation(before: Before) throws {
    let source = try Source()
    let whole = InMemoryDisk()
    try Self.install(source, over: before, on: whole)
    for operation in 0..<whole.operationCount {
      let seed = UInt64(operation)
      for survival in [
        .synced, .everything, .prefix(seed: seed), .sectors(seed: seed),
      ] as [InMemoryDisk.Survival] {
        try crash(after: operation, survival, before, source)
      }
    }
  }

  private func crash(
    after operation: Int, _ survival: InMemoryDisk.Survival, _ before: Before, _ source: Source
  ) throws {
    let place: Comment = "operation \(operation), \(survival), \(before)"
    let disk = InMemoryDisk()
    disk.faults.operationsBeforeCrash = operation
    _ = try? Self.install(source, over: before, on: disk)
    disk.crash(survival)
    do {
      let (log, recovered) = try LogWorld.open(disk.root, limits: Self.limits)
      #expect(recovered.report.damagedSnapshots.isEmpty, place)
      if let snapshot = recovered.snapshot {
        #expect(snapshot.metadata.position == Self.position, place)
        #expect(recovered.hardState == Self.hardState, place)
        #expect(recovered.entries.allSatisfy { $0.index == 21 && $0.term == 4 }, place)
      } else {
        #expect(recovered.entries.allSatisfy { $0.term == 2 }, place)
        // It goes on where it was interrupted, and ends as if it never had been.
        let incoming = try Self.receive(source, in: log)
        try log.install(incoming, hardState: Self.hardState)
      }
      try log.removeSuperseded()
      let next = log.last.index.next.rawValue
      try log.write([LogWorld.entry(next, term: 4)])
    }
    disk.crash(.synced)
    let recovered = try LogWorld.open(disk.root, limits: Self.limits).recovered
    #expect(recovered.snapshot?.metadata.position == Self.position, place)
    #expect(recovered.entries.last?.term == 4, place)
  }

  @Test("What was synced of it stays after a crash; what was not whole is asked for again")
  func resumes() throws {
    let disk = InMemoryDisk()
    let source = try Source()
    var log = try LogWorld.open(disk.root, limits: Self.limits).log
    var incoming = try log.snapshots.receive(source.file.id)
    let half = source.bytes.count * 2 / 3
    #expect(try incoming.append(Array(source.bytes[..<half]), at: .zero))
    disk.crash(.synced)
    log = try LogWorld.open(disk.root, limits: Self.limits).log
    incoming = try log.snapshots.receive(source.file.id)
    #expect(incoming.synced > .zero)
    #expect(incoming.synced.bytes <= half)
    #expect(try !incoming.append([1], at: incoming.synced + 1), "it would leave a hole")
    #expect(
      try !incoming.append(source.bytes, at: incoming.synced), "it would go past the end")
    // Another snapshot replaces it.
    let other = try Source(seed: 5)
    _ = try log.snapshots.receive(other.file.id)
    let names = try disk.root.directory("snapshots", creating: false).names()
    #expect(names.filter { $0.hasSuffix(".part") }.count == 1)
  }

  @Test("A rotten byte in what was received is found when it is read")
  func rotten() throws {
    let disk = InMemoryDisk()
    let source = try Source()
    let log = try LogWorld.open(disk.root, limits: Self.limits).log
    let incoming = try log.snapshots.receive(source.file.id)
    var bytes = source.bytes
    bytes[bytes.count / 2] ^= 4
    #expect(try incoming.append(bytes, at: .zero))
    #expect(throws: LogFault.self) {
      var reader = try incoming.contents.read()
      while try reader.next() != nil {}
    }
  }

  @Test("On a full disk the snapshot counts all the same, and the log begins anew with room")
  func fullDisk() throws {
    let disk = InMemoryDisk()
    let source = try Source()
    let log = try LogWorld.open(disk.root, limits: Self.limits).log
    try Before.shorter.write(to: log)
    let incoming = try Self.receive(source, in: log)
    disk.faults.capacity = .zero
    try log.install(incoming, hardState: nil)
    #expect(log.last == Self.position)
    #expect(throws: LogFault.self) { try log.append(entries: [LogWorld.entry(21, term: 4)]) }
    disk.faults.capacity = nil
    try log.write([LogWorld.entry(21, term: 4)])
    disk.crash(.synced)
    let recovered = try LogWorld.open(disk.root, limits: Self.limits).recovered
    #expect(recovered.snapshot?.metadata.position == Self.position)
    #expect(recovered.entries == [LogWorld.entry(21, term: 4)])
  }

  @Test("A full disk while a superseded log is opened: appends are refused, and work with room")
  func fullDiskAtOpening() throws {
    let disk = InMemoryDisk()
    let source = try Source()
    do {
      let log = try LogWorld.open(disk.root, limits: Self.limits).log
      try Before.shorter.write(to: log)
      let incoming = try Self.receive(source, in: log)
      disk.faults.capacity = .zero
      try log.install(incoming, hardState: nil)
    }
    disk.crash(.synced)
    disk.faults.capacity = .zero
    let (log, recovered) = try LogWorld.open(disk.root, limits: Self.limits)
    #expect(recovered.entries.isEmpty)
    #expect(throws: LogFault.self) { try log.append(entries: [LogWorld.entry(21, term: 4)]) }
    disk.faults.capacity = nil
    try log.write([LogWorld.entry(21, term: 4)])
    disk.crash(.synced)
    #expect(
      try LogWorld.open(disk.root, limits: Self.limits).recovered.entries
        == [LogWorld.entry(21, term: 4)])
  }
}
