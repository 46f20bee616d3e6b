import AionCluster
import ArgumentParser
import Foundation

/// How long opening takes, and what memory, by what the directory holds.
struct RecoverBenchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: "Time to open a directory with a large snapshot and a long log behind it.")

  @Option(help: "Shards in the snapshot, three voters each.")
  var shards = 1_000_000

  @Option(help: "Log entries after the snapshot.")
  var entries = 100_000

  @Option(help: "How often the directory is opened.")
  var rounds = 5

  @Option(help: "Where to put the data directory.")
  var directory = FileManager.default.currentDirectoryPath + "/.build/bench-recover"

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard shards >= 0, entries >= 0, rounds > 0 else {
      throw ValidationError("shards and entries must not be negative, rounds must be positive")
    }
  }

  func run() async throws {
    try? FileManager.default.removeItem(atPath: directory)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try await fill()
    let clock = ContinuousClock()
    var opening = Sample(name: "open, seconds")
    for round in 1...rounds {
      note("round \(round) of \(rounds)")
      let start = clock.now
      let plane = try await DurableControlPlane.open(at: directory)
      opening.add((clock.now - start).seconds)
      guard plane.snapshot().shardCount == shards else {
        throw ValidationError("\(plane.snapshot().shardCount) of \(shards) shards were recovered")
      }
      await plane.close()
    }
    try report(opening)
  }

  private func fill() async throws {
    note("writing \(shards) shards")
    let plane = try await DurableControlPlane.open(at: directory)
    for node in RecoverWorkload.nodes {
      try await plane.upsertNode(NodeDescriptor(id: node, rpcEndpoint: "\(node):7000"))
    }
    for start in stride(from: 0, to: shards, by: 1_000) {
      let batch = (start..<min(start + 1_000, shards)).map { number in
        Command.upsertShard(RecoverWorkload.shard(number, leader: number))
      }
      try await plane.propose(CommandBatch(batch))
    }
    note("writing the snapshot")
    try await plane.compact()
    note("writing \(entries) entries")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<256 {
        group.addTask {
          for entry in stride(from: task, to: entries, by: 256) {
            let shard = RecoverWorkload.shard(entry % max(1, shards), leader: entry + 1)
            try await plane.updatePlacement(of: shard.key, to: shard.placements)
          }
        }
      }
      try await group.waitForAll()
    }
    await plane.close()
  }

  private func note(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
  }

  private func report(_ opening: Sample) throws {
    let peak = MemoryUse.peakResident()
    if json {
      print(try oneObject(["recover": opening]))
      return
    }
    var table = Table(header: [
      "\(shards) shards, \(entries) entries", "median", "lowest", "highest",
    ])
    table.add(
      [opening.name + (opening.isNoisy ? " (noisy)" : "")]
        + [opening.median, opening.lowest, opening.highest].map { String(format: "%.2f", $0) })
    print(table.text)
    print("peak memory of this process, which also wrote them: \(peak)")
  }
}

/// Eight shards a table, three voters each, on a hundred nodes.
enum RecoverWorkload {
  static let nodes: [NodeID] = (0..<100).compactMap { try? NodeID("node-\($0)") }

  static func shard(_ number: Int, leader: Int) -> ShardDescriptor {
    let key = ShardKey(
      database: .default, relation: RelationID(UInt64(16_384 + number / 8)),
      shard: ShardID(UInt32(number % 8)))
    return ShardDescriptor(
      key: key,
      placements: (0..<3).map { replica in
        ShardPlacement(
          shard: key.shard, node: nodes[(number + replica * 7) % nodes.count],
          role: replica == leader % 3 ? .leader : .follower)
      })
  }
}
