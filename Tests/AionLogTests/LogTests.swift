import AionLog
import AionModel
import AionRaft
import Testing

@Suite("The log")
struct LogTests {
  @Test("An empty directory opens as an empty log and opens again")
  func empty() throws {
    let directory = InMemoryLogDirectory()
    for _ in 0..<3 {
      let (log, recovered) = try LogWorld.open(directory)
      #expect(recovered.entries.isEmpty)
      #expect(recovered.hardState == HardState())
      #expect(recovered.snapshot == nil)
      #expect(log.last == .zero)
    }
  }

  @Test("What was synced is there after a crash, entries and hard state")
  func survives() throws {
    let directory = InMemoryLogDirectory()
    let state = HardState(term: 3, vote: 2, commit: 2)
    do {
      let (log, _) = try LogWorld.open(directory)
      try log.write(LogWorld.entries(1...2, term: 3), hardState: HardState(term: 3, vote: 2))
      try log.write(LogWorld.entries(3...5, term: 3), hardState: state)
    }
    directory.disk.crash()
    let (log, recovered) = try LogWorld.open(directory)
    #expect(recovered.entries == LogWorld.entries(1...5, term: 3))
    #expect(recovered.hardState == state)
    #expect(log.last == LogPosition(term: 3, index: 5))
    #expect(recovered.report.tornTail == nil)
  }

  @Test("What was not synced is gone after a loss of power, whole")
  func unsyncedIsGone() throws {
    let directory = InMemoryLogDirectory()
    do {
      let (log, _) = try LogWorld.open(directory)
      try log.write(LogWorld.entries(1...2))
      try log.append(entries: LogWorld.entries(3...4))
    }
    directory.disk.crash()
    let (_, recovered) = try LogWorld.open(directory)
    #expect(recovered.entries == LogWorld.entries(1...2))
  }

  @Test("A log of many segments is read back in order, and goes on where it ended")
  func rotates() throws {
    let directory = InMemoryLogDirectory()
    for round in UInt64(0)..<4 {
      let (log, recovered) = try LogWorld.open(directory)
      #expect(
        recovered.entries == (round == 0 ? [] : LogWorld.entries(1...(round * 100), size: 90)))
      for index in (round * 100 + 1)...(round * 100 + 100) {
        try log.write([LogWorld.entry(index, size: 90)])
      }
    }
    let names = try directory.directory("log", creating: false).names()
    #expect(names.count > 5, "\(names)")
    let (_, recovered) = try LogWorld.open(directory)
    #expect(recovered.entries == LogWorld.entries(1...400, size: 90))
  }

  @Test("Checklist 69: a later batch that begins at an existing index replaces the rest")
  func overwrites() throws {
    let directory = InMemoryLogDirectory()
    do {
      let (log, _) = try LogWorld.open(directory)
      try log.write(LogWorld.entries(1...6))
      try log.write(LogWorld.entries(4...5, term: 2), hardState: HardState(term: 2))
    }
    let (log, recovered) = try LogWorld.open(directory)
    #expect(recovered.entries == LogWorld.entries(1...3) + LogWorld.entries(4...5, term: 2))
    #expect(log.last == LogPosition(term: 2, index: 5))
  }
}
