import AionModel
import AionRPC
import ArgumentParser

struct Shards: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shards and their replicas.",
    subcommands: [List.self, Show.self, Place.self, Lead.self], defaultSubcommand: List.self)

  static func sheet(of shards: [ShardDescriptor]) -> Sheet {
    var sheet = Sheet("shard", "leader", "epoch", "replicas")
    for shard in shards {
      sheet.add(
        .text("\(shard.key)"), Sheet.Cell(shard.leader?.node),
        shard.leader.map { .number($0.leaseEpoch.rawValue) } ?? .none,
        .list(shard.placements.words))
    }
    return sheet
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the shards of a database or a table.")

    @Argument(help: "A database's id, or a table as database/relation.") var of: String
    @OptionGroup var connection: Connection

    func validate() throws {
      guard UInt32(of) != nil || TableName(argument: of) != nil else {
        throw ValidationError("'\(of)' is neither a database's id nor a table")
      }
    }

    func run() async throws {
      try await connection.show { plane in
        if let table = TableName(argument: of) {
          return Shards.sheet(of: try await plane.shards(of: table.table))
        }
        return Shards.sheet(of: try await plane.shards(in: DatabaseID(UInt32(of) ?? 0)))
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show one shard, replica by replica.",
      discussion: """
        Where the leader's node has an agent, its lease shows the milliseconds that are left, at \
        least, before it can be marked down for being silent.
        """)

    @Argument(help: "The shard, database/relation/number.") var shard: ShardName
    @OptionGroup var connection: Connection

    func run() async throws {
      try await connection.show { plane in
        let shards = try await plane.shards(of: shard.key.table)
        guard let found = shards.first(where: { $0.key == shard.key }) else {
          throw ClusterError.unknownShard(.key(shard.key))
        }
        // A shard whose leader is down has no lease, and is shown all the same.
        let lease = try? await plane.currentLease(of: shard.key)
        var sheet = Sheet("node", "role", "epoch", "lease")
        for placement in found.placements {
          let left = placement.node == lease?.leader ? lease?.expiresAfter : nil
          sheet.add(
            .text("\(placement.node)"), .text("\(placement.role)"),
            .number(placement.leaseEpoch.rawValue), left.map { .number($0.milliseconds) } ?? .none)
        }
        return sheet
      }
    }
  }

  struct Place: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Create a shard, or put its replicas elsewhere.")

    @Argument(help: "The shard, database/relation/number.") var shard: ShardName
    @Argument(help: "Its replicas, node:leader, node:follower or node:learner.")
    var replicas: [PlacementName]
    @OptionGroup var connection: Connection

    func run() async throws {
      let placements = replicas.map {
        ShardPlacement(shard: shard.key.shard, node: $0.node, role: $0.role)
      }
      try await connection.run {
        try await $0.upsertShard(ShardDescriptor(key: shard.key, placements: placements))
      }
    }
  }

  struct Lead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a replica the leader of its shard.")

    @Argument(help: "The shard, database/relation/number.") var shard: ShardName
    @Argument(help: "The node.") var node: NodeID
    @OptionGroup var connection: Connection

    func run() async throws {
      try await connection.run { try await $0.transferLeadership(of: shard.key, to: node) }
    }
  }
}

struct Resolve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Where to send a read, or the write of a key.")

  @Argument(help: "The table, database/relation.") var table: TableName
  @Option(help: "The key to be written; without one, every shard's leader.") var key: String?
  @OptionGroup var connection: Connection

  func run() async throws {
    try await connection.show { plane in
      let leaders =
        if let key {
          [try await plane.resolveWriteShard(of: table.table, key: Array(key.utf8))]
        } else {
          try await plane.resolveReadShards(of: table.table)
        }
      var sheet = Sheet("shard", "leader", "epoch")
      for leader in leaders {
        sheet.add(
          .text("\(leader.shard)"), .text("\(leader.node)"), .number(leader.leaseEpoch.rawValue))
      }
      return sheet
    }
  }
}

extension Duration {
  fileprivate var milliseconds: UInt64 {
    UInt64(clamping: components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000)
  }
}
