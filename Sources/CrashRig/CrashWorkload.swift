public import AionCluster

/// What the tasks write, and what must be found of it.
///
/// Task t writes sequence numbers 1, 2, 3, …; each write is one batch that stores the number in a
/// role, in a node and in a shard of its own. A batch that is half there shows as three numbers
/// that differ.
public enum CrashWorkload {
  static let nodes: [NodeID] = ["crash-a", "crash-b", "crash-c"]
  static let table = TableKey(database: .default, relation: RelationID(99_999))

  package static func batch(task: Int, sequence: UInt64) throws(ClusterError) -> CommandBatch {
    CommandBatch([
      .upsertRole(
        ClusterRoleDescriptor(
          name: roleName(task), connectionLimit: UInt32(truncatingIfNeeded: sequence))),
      .upsertNode(
        NodeDescriptor(id: try node(task), rpcEndpoint: "sequence:\(sequence)")),
      .upsertShard(
        ShardDescriptor(key: shard(task), placements: placements(task: task, sequence: sequence))),
    ])
  }

  /// The last write of a task, or nil when there was none.
  ///
  /// - Throws: `CrashFailure.tornBatch` when the batch's parts are of different writes.
  public static func lastSequence(
    of task: Int, in snapshot: ClusterSnapshot
  ) throws -> UInt64? {
    let role = snapshot.role(named: roleName(task))?.connectionLimit.map(UInt64.init)
    let endpoint = snapshot.node(try node(task))?.rpcEndpoint
    let inNode = endpoint.flatMap { UInt64($0.dropFirst("sequence:".count)) }
    let leader = snapshot.shard(shard(task))?.leader?.node
    let expectedLeader = role.map { nodes[Int($0 % UInt64(nodes.count))] }
    guard role == inNode, leader == expectedLeader else {
      throw CrashFailure.tornBatch(
        task: task,
        found: "role \(role.map(String.init) ?? "-"), node \(inNode.map(String.init) ?? "-"), "
          + "leader \(leader?.name ?? "-")")
    }
    return role
  }

  private static func roleName(_ task: Int) -> String { "crash-writer-\(task)" }

  private static func node(_ task: Int) throws(ClusterError) -> NodeID {
    try NodeID("crash-writer-\(task)")
  }

  private static func shard(_ task: Int) -> ShardKey {
    ShardKey(table: table, shard: ShardID(UInt32(task)))
  }

  private static func placements(task: Int, sequence: UInt64) -> [ShardPlacement] {
    nodes.enumerated().map { position, node in
      ShardPlacement(
        shard: ShardID(UInt32(task)), node: node,
        role: UInt64(position) == sequence % UInt64(nodes.count) ? .leader : .follower)
    }
  }
}
