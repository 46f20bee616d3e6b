import AionCluster

// The example of README.md, word for word: a test holds them together, and runs it.
func example(directory: String) async throws -> ShardPlacement {
  let plane = try await DurableControlPlane.open(at: directory)
  let shop = try await plane.createDatabase(CreateDatabaseRequest(name: "shop", owner: "anna"))
  for region in ["eu", "us", "ap"] {
    let node = try NodeID("node-\(region)")
    try await plane.upsertNode(NodeDescriptor(id: node, rpcEndpoint: "\(region).example.org:7400"))
  }
  let orders = TableKey(database: shop.id, relation: 16_384)
  let shard = ShardKey(table: orders, shard: 0)
  try await plane.upsertShard(
    ShardDescriptor(
      key: shard,
      placements: [
        ShardPlacement(shard: 0, node: "node-eu", role: .leader),
        ShardPlacement(shard: 0, node: "node-us", role: .follower),
        ShardPlacement(shard: 0, node: "node-ap", role: .follower),
      ]))
  let leader = try await plane.resolveWriteShard(of: orders, key: Array("order 4711".utf8))
  await plane.close()
  return leader
}
