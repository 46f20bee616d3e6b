import AionLog
import AionModel
import AionRaft
import Testing

@Suite("Writing on a disk that refuses")
struct RefusalTests {
  private let directory = InMemoryLogDirectory()
  private var disk: InMemoryDisk { directory.disk }

  @Test(
    "Checklist 67: on a full disk the batch is cut back and refused, and writing resumes with room",
    arguments: [LogWorld.limits, LogWorld.plainAppends])
  func diskFull(limits: LogLimits) throws {
    let (log, _) = try LogWorld.open(directory, limits: limits)
    try log.write(LogWorld.entries(1...3))
    var accepted = LogWorld.entries(1...3)
    for round in 0..<40 {
      let used = ByteCount(disk.paths.reduce(0) { $0 + (disk.contents(of: $1)?.count ?? 0) })
      disk.faults.capacity = used + ByteCount(round * 60)
      var refusals = 0
      while refusals == 0 {
        let next = LogWorld.entry(log.last.index.rawValue + 1, size: 150)
        do throws(LogFault) {
          try log.write([next])
          accepted.append(next)
        } catch {
          guard case .diskFull = error else { throw error }
          refusals += 1
        }
      }
      #expect(log.last.index == accepted.last?.index, "round \(round)")
      disk.faults.capacity = nil
      let next = LogWorld.entry(log.last.index.rawValue + 1)
      try log.write([next])
      accepted.append(next)
      // The refused batch was longer; nothing of it may stand behind the one that followed.
      #expect(Outcome(of: disk.copy(), limits: limits).recovered?.entries == accepted)
      #expect(Outcome(of: disk.copy(), limits: limits).recovered?.report.tornTail == nil)
    }
    disk.crash()
    #expect(try LogWorld.open(directory, limits: limits).recovered.entries == accepted)
  }

  @Test("Checklist 67: a full disk still starts, and takes writes once there is room")
  func startsFull() throws {
    for length in 1...60 {
      let directory = InMemoryLogDirectory()
      let entries = LogWorld.entries(1...UInt64(length), size: 130)
      do {
        let (log, _) = try LogWorld.open(directory)
        for entry in entries { try log.write([entry]) }
      }
      directory.disk.crash()
      directory.disk.faults.capacity = 0
      let (log, recovered) = try LogWorld.open(directory)
      #expect(recovered.entries == entries)
      let next = LogWorld.entry(UInt64(length) + 1, size: 20_000)
      #expect(throws: LogFault.self) { try log.write([next]) }
      directory.disk.faults.capacity = nil
      try log.write([next])
      directory.disk.crash()
      #expect(try LogWorld.open(directory).recovered.entries == entries + [next])
    }
  }

  @Test("Checklist 68: short writes are gone on with")
  func shortWrites() throws {
    disk.faults.longestWrite = 7
    let (log, _) = try LogWorld.open(directory)
    for index in UInt64(1)...80 { try log.write([LogWorld.entry(index, size: 100)]) }
    disk.crash()
    #expect(
      try LogWorld.open(directory).recovered.entries == LogWorld.entries(1...80, size: 100))
  }

  @Test("Checklist 7: after a failed sync nothing is written or synced any more")
  func failedSync() throws {
    let (log, _) = try LogWorld.open(directory)
    try log.write(LogWorld.entries(1...2))
    try log.append(entries: [LogWorld.entry(3)])
    disk.faults.failsSync = true
    #expect(throws: LogFault.poisoned(by: try #require(syncError(of: log)))) { try log.sync() }
    disk.faults.failsSync = false
    let before = disk.operationCount
    #expect(throws: LogFault.self) { try log.sync() }
    #expect(throws: LogFault.self) { try log.append(entries: [LogWorld.entry(4)]) }
    #expect(throws: LogFault.self) { try log.startOver(after: .zero) }
    #expect(log.nextPreparation() == nil)
    #expect(disk.operationCount == before)
  }

  private func syncError(of log: Log<InMemoryLogDirectory>) -> FileError? {
    do throws(LogFault) { try log.sync() } catch {
      if case .poisoned(let cause) = error { return cause }
    }
    return nil
  }

  @Test("Checklist 7: after a failed write nothing is written any more")
  func failedWrite() throws {
    let (log, _) = try LogWorld.open(directory)
    try log.write(LogWorld.entries(1...2))
    disk.faults.failsWrite = true
    #expect(throws: LogFault.self) { try log.append(entries: [LogWorld.entry(3)]) }
    disk.faults.failsWrite = false
    #expect(log.poison != nil)
    #expect(log.last.index == 2)
    #expect(throws: LogFault.self) { try log.append(entries: [LogWorld.entry(3)]) }
  }

  @Test("Checklist 71: a directory that is open is refused, and free once its log is gone")
  func locked() throws {
    do {
      let (log, _) = try LogWorld.open(directory)
      #expect {
        _ = try LogWorld.open(directory)
      } throws: { error in
        guard case .file(let cause) = error as? LogFault else { return false }
        return cause.kind == .locked(holder: "another opener of this disk")
      }
      #expect(log.last == .zero)
    }
    _ = try LogWorld.open(directory)
  }

  @Test("Checklist 77: a read-only file system gives an error that says so, with the path")
  func readOnly() throws {
    _ = try LogWorld.open(directory)
    disk.faults.isReadOnly = true
    #expect {
      _ = try LogWorld.open(directory)
    } throws: { error in
      guard case .file(let cause) = error as? LogFault else { return false }
      return cause.kind == .readOnly && cause.path == "/LOCK"
    }
  }

  @Test("An entry that no batch can hold is refused before anything is written")
  func tooLarge() throws {
    let (log, _) = try LogWorld.open(directory)
    let limit = LogWorld.limits.maximumBatch.bytes
    try log.write([LogWorld.entry(1, size: limit - 104)])
    let before = disk.operationCount
    #expect(throws: LogFault.self) { try log.write([LogWorld.entry(2, size: limit - 103)]) }
    #expect(disk.operationCount == before)
    try log.write([LogWorld.entry(2)])
    #expect(
      try reopened(log).entries == [LogWorld.entry(1, size: limit - 104), LogWorld.entry(2)])
  }

  @Test("What is over the limit of one batch becomes several, the commit index never ahead")
  func severalBatches() throws {
    let (log, _) = try LogWorld.open(directory)
    let entries = LogWorld.entries(1...10, size: 20_000)
    let state = HardState(term: 1, vote: 1, commit: 9)
    try log.write(entries, hardState: state)
    let recovered = try reopened(log)
    #expect(recovered.entries == entries)
    #expect(recovered.hardState == state)
    #expect(recovered.report.batches == 4)
  }

  private func reopened(_ log: Log<InMemoryLogDirectory>) throws -> Recovered {
    try LogWorld.open(disk.copy().root).recovered
  }
}
