import AionCatalog
import AionModel
import AionPlacement

/// A cluster whose life is written down: what happens to it, what maintenance plans and why, and
/// how the replicas stand afterwards.
struct Story {
  let plane = InMemoryControlPlane()
  var maintainer: ReplicationMaintainer<InMemoryControlPlane>
  private(set) var text: String

  init(_ title: String, _ configuration: ShardingConfiguration) {
    maintainer = ReplicationMaintainer(plane: plane, configuration: configuration)
    text = "# \(title)\n#\n"
    let settings = configuration.rendered.split(separator: "\n").filter {
      !$0.hasSuffix("# default")
    }
    for line in settings {
      text += "# \(line.prefix { $0 != "#" })".trimmedAtEnd + "\n"
    }
  }

  mutating func chapter(_ title: String) { text += "\n== \(title)\n" }

  mutating func say(_ line: String) { text += "   \(line)\n" }

  mutating func place(_ keys: [ShardKey]) async throws {
    let plans = try planInitialPlacements(
      of: keys, on: try await plane.nodes(), policy: maintainer.configuration.policy)
    for plan in plans {
      try await plane.upsertShard(plan.shard)
      say("\(plan)")
    }
    try await show()
  }

  /// One pass in which the learners on `caughtUp` count as caught up.
  @discardableResult
  mutating func maintain(caughtUp: Set<NodeID> = []) async throws -> Bool {
    tell(try await maintainer.maintain(.default, caughtUpNodes: caughtUp))
  }

  mutating func drain(_ node: NodeID, caughtUp: Set<NodeID> = []) async throws -> Bool {
    let progress = try await maintainer.drain(node, in: .default, caughtUpNodes: caughtUp)
    tell(progress.maintenance)
    say("(\(node) has \(progress.replicasLeft) replicas left)")
    return progress.isEmpty
  }

  @discardableResult
  private mutating func tell(_ outcome: ReplicationMaintenanceOutcome) -> Bool {
    if outcome.isEmpty { say("nothing to do") }
    for repair in outcome.promotions + outcome.repairs + outcome.replicaMoves {
      say("\(repair.plan)\(suffix(of: repair.status.isApplied))")
    }
    for transfer in outcome.transfers {
      say("\(transfer.plan)\(suffix(of: transfer.status.isApplied))")
    }
    return !outcome.isEmpty
  }

  private func suffix(of isApplied: Bool) -> String { isApplied ? "" : " -- SKIPPED" }

  /// The shards as rows, the nodes as columns: L leads, F follows, l learns; a down node in
  /// brackets.
  mutating func show() async throws {
    let (shards, nodes) = (try await plane.shards(in: .default), try await plane.nodes())
    let width = 8
    text += "\n" + row("", nodes.map { $0.isLive ? $0.id.name : "[\($0.id)]" }, width)
    for shard in shards {
      text += row(
        "\(shard.key.shard)", nodes.map { shard.placement(on: $0.id)?.role.letter ?? "." }, width)
    }
    let status = ReplicationStatusSnapshot(
      of: shards, on: nodes, replicationFactor: maintainer.configuration.replicationFactor)
    text += row("leaders", status.nodes.map { "\($0.leaders)" }, width)
    text += row("voters", status.nodes.map { "\($0.voters)" }, width)
    text += """
         \(status.shardsWithLiveQuorum) of \(status.totalShards) shards with a live quorum, \
      \(status.underReplicatedShards) under-replicated, \(status.shardsWithDownVoters) with down \
      voters, \(status.learnerReplicas) learners

      """
  }

  private func row(_ head: String, _ cells: [String], _ width: Int) -> String {
    func padded(_ cell: String, _ width: Int) -> String {
      cell + String(repeating: " ", count: max(0, width - cell.count))
    }
    return ("   " + padded(head, 10) + cells.map { padded($0, width) }.joined()).trimmedAtEnd + "\n"
  }
}

extension ReplicaRole {
  fileprivate var letter: String {
    switch self {
    case .leader: "L"
    case .follower: "F"
    case .learner: "l"
    }
  }
}

extension StringProtocol {
  fileprivate var trimmedAtEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
