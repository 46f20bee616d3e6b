import AionCatalog
import AionModel
import Testing

@Suite struct Smoke {
  @Test func smoke() async throws {
    let plane = InMemoryControlPlane()
    let catalog = InMemoryClusterCatalog(log: plane.log)
    try await catalog.bootstrapDefault(owner: "postgres")
    let key = ShardKey(database: 1, relation: 5, shard: 0)
    try await plane.upsertNode(NodeDescriptor(id: "a", rpcEndpoint: "a:1"))
    try await plane.upsertShard(ShardDescriptor(key: key, placements: [ShardPlacement(shard: 0, node: "a", role: .leader)]))
    let epoch = try await plane.updatePlacement(of: ShardID(0), to: [
      ShardPlacement(shard: 0, node: "b", role: .leader), ShardPlacement(shard: 0, node: "a", role: .follower)])
    #expect(epoch == 4)
    let snapshot = plane.log.snapshot()
    var decoder = SnapshotDecoder()
    try decoder.read(snapshot.encoded())
    let again = try decoder.finish(appliedThrough: snapshot.applied)
    #expect(again.digest == snapshot.digest)
    #expect(again.encoded() == snapshot.encoded())
    print(snapshot.digest)
  }
}
