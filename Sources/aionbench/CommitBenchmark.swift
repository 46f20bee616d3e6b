import AionCluster
import ArgumentParser
import Foundation
import Synchronization

/// Durable writes per second, beside what the disk can do without us.
struct CommitBenchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "commit",
    abstract: "Durable writes per second by number of tasks, beside a plain pwrite+fdatasync loop.")

  @Option(help: "Numbers of writing tasks.")
  var tasks: [Int] = [1, 64, 1_024]

  @Option(help: "Rounds; the sides take turns in each.")
  var rounds = 5

  @Option(help: "Milliseconds that each side runs in a round.")
  var milliseconds = 1_000

  @Option(help: "Where to put the data directories; must be on the disk to measure.")
  var directory = FileManager.default.currentDirectoryPath + "/.build/bench"

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard rounds > 0, milliseconds > 0, tasks.allSatisfy({ $0 > 0 }), !tasks.isEmpty else {
      throw ValidationError("rounds, milliseconds and tasks must be positive")
    }
  }

  func run() async throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let duration = Duration.milliseconds(milliseconds)
    let loop = PlainLoop(path: directory + "/plain", record: [UInt8](repeating: 7, count: 256))
    var plain = Sample(name: "plain loop, 256 B")
    var sides = tasks.map { Sample(name: "\($0) task\($0 == 1 ? "" : "s")") }
    for round in 1...rounds {
      FileHandle.standardError.write(Data("round \(round) of \(rounds)\n".utf8))
      plain.add(try loop.run(for: duration))
      for (side, count) in tasks.enumerated() {
        sides[side].add(try await writesPerSecond(tasks: count, for: duration))
      }
    }
    try report(plain: plain, sides: sides)
  }

  private func writesPerSecond(tasks: Int, for duration: Duration) async throws -> Double {
    let path = directory + "/plane"
    try? FileManager.default.removeItem(atPath: path)
    let plane = try await DurableControlPlane.open(at: path)
    let shards = try await CommitWorkload.prepare(plane, tasks: tasks)
    let clock = ContinuousClock()
    let start = clock.now
    let deadline = start + duration
    let total = try await withThrowingTaskGroup(of: Int.self) { group in
      for shard in shards {
        group.addTask {
          var count = 0
          while clock.now < deadline {
            try await CommitWorkload.write(count, to: shard, of: plane)
            count += 1
          }
          return count
        }
      }
      return try await group.reduce(0, +)
    }
    let elapsed = clock.now - start
    await plane.close()
    return Double(total) / elapsed.seconds
  }

  private func report(plain: Sample, sides: [Sample]) throws {
    if json {
      print(try oneObject(["commit": [plain] + sides]))
      return
    }
    var table = Table(header: ["durable writes/s", "median", "lowest", "highest", "× plain loop"])
    for sample in [plain] + sides {
      table.add([
        sample.name + (sample.isNoisy ? " (noisy)" : ""), grouped(sample.median),
        grouped(sample.lowest), grouped(sample.highest),
        String(format: "%.2f", sample.median / plain.median),
      ])
    }
    print(table.text)
  }
}

/// Each task moves the leadership of a shard of its own to and fro.
enum CommitWorkload {
  private static let nodes: [NodeID] = ["node-a", "node-b", "node-c"]

  static func prepare(_ plane: DurableControlPlane, tasks: Int) async throws -> [ShardKey] {
    for node in nodes {
      try await plane.upsertNode(NodeDescriptor(id: node, rpcEndpoint: "\(node):7000"))
    }
    let shards = (0..<tasks).map { task in
      ShardKey(database: .default, relation: RelationID(16_384), shard: ShardID(UInt32(task)))
    }
    for shard in shards {
      try await plane.upsertShard(
        ShardDescriptor(key: shard, placements: placements(of: shard, leader: 0)))
    }
    return shards
  }

  static func write(_ count: Int, to shard: ShardKey, of plane: DurableControlPlane) async throws {
    let leader = (count + 1) % nodes.count
    try await plane.updatePlacement(of: shard, to: placements(of: shard, leader: leader))
  }

  private static func placements(of key: ShardKey, leader: Int) -> [ShardPlacement] {
    nodes.enumerated().map { position, node in
      ShardPlacement(
        shard: key.shard, node: node, role: position == leader ? .leader : .follower)
    }
  }
}
