import AionModel
import AionRaft
import ArgumentParser
import Foundation

/// What the consensus core costs by itself: three replicas in memory, on one processor core.
struct RaftBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "raft",
    abstract: "Committed entries per second of three raft cores in memory; an idle tick's cost.",
    discussion: """
      One thread drives all three; nothing is encoded, written or sent. An entry carries 64 bytes.
      """)

  @Option(help: "Entries proposed at a time.")
  var batches: [Int] = [1, 64, 1024]

  @Option(help: "Entries of one round.")
  var entries = 262_144

  @Option(help: "Rounds; the median counts.")
  var rounds = 5

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard rounds > 0, entries > 0, !batches.isEmpty, batches.allSatisfy({ $0 > 0 }) else {
      throw ValidationError("rounds, entries and batches must be positive")
    }
  }

  func run() throws {
    var samples = batches.map { Sample(name: "entries/s in batches of \($0)") }
    var ticks = Sample(name: "ns for a tick of an idle leader and its followers")
    for _ in 0..<rounds {
      for place in batches.indices { samples[place].add(try entriesPerSecond(batches[place])) }
      ticks.add(try nanosecondsPerTick())
    }
    samples.append(ticks)
    if json {
      return print(try oneObject(samples))
    }
    var table = Table(header: ["", "median", "lowest", "highest"])
    for sample in samples {
      table.add([
        sample.name, grouped(sample.median), grouped(sample.lowest), grouped(sample.highest),
      ])
    }
    print(table.text)
  }

  private func entriesPerSecond(_ batch: Int) throws -> Double {
    var group = try RaftTrio()
    let proposals = Array(
      repeating: Proposal.command(Array(repeating: 0x61, count: 64)), count: batch)
    let start = ContinuousClock.now
    var proposed = 0
    while proposed < entries {
      try group.propose(proposals)
      proposed += batch
    }
    let seconds = start.duration(to: .now) / .seconds(1)
    guard group.applied >= proposed else { throw ValidationError("entries were lost") }
    return Double(proposed) / seconds
  }

  private func nanosecondsPerTick() throws -> Double {
    var group = try RaftTrio()
    let count = 100_000
    let start = ContinuousClock.now
    for _ in 0..<count { try group.tick() }
    return start.duration(to: .now) / .nanoseconds(1) / Double(count)
  }
}

/// A leader and two followers whose disks and network take no time.
struct RaftTrio {
  private var cores: [RaftCore] = []
  private(set) var applied = 0

  init() throws {
    let members = Membership(voters: [1, 2, 3])
    for id in members.voters {
      cores.append(
        try RaftCore(
          id: id, seed: id.rawValue,
          snapshot: SnapshotMetadata(position: .zero, membership: members)))
    }
    try cores[0].step(.campaign)
    try settle()
    applied = 0
  }

  mutating func propose(_ proposals: [Proposal]) throws {
    try cores[0].propose(proposals)
    try settle()
    compact()
  }

  mutating func tick() throws {
    for place in cores.indices { try cores[place].step(.tick) }
    try settle()
  }

  private mutating func settle() throws {
    while let place = nextWithOutput {
      let output = cores[place].takeOutput()
      try deliver(output.messages)
      cores[place].persisted(through: output.receipt)
      try deliver(output.messagesAfterSync)
      if let last = output.committed.last {
        cores[place].applied(through: last.index)
        if place == 0 { applied += output.committed.count }
      }
    }
  }

  /// Looks at the cores where they are: a copy of one costs more than the look.
  private var nextWithOutput: Int? {
    cores.withUnsafeBufferPointer { cores in cores.indices.first { cores[$0].hasOutput } }
  }

  private mutating func deliver(_ messages: [Message]) throws {
    for message in messages { try cores[Int(message.to.rawValue) - 1].step(.message(message)) }
  }

  /// Keeps the logs as short as snapshots would.
  private mutating func compact() {
    for place in cores.indices {
      let index = cores[place].applied
      guard cores[place].firstIndex.distance(to: index) > 65_536,
        let term = cores[place].term(at: index)
      else { continue }
      cores[place].snapshotTaken(
        SnapshotMetadata(
          position: LogPosition(term: term, index: index), membership: cores[place].membership))
      cores[place].compact(through: index)
    }
  }
}
