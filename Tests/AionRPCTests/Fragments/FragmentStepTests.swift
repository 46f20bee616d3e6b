import AionModel
import AionRPC
import Synchronization
import Testing

@Suite("Fragments and nodes that do not know the same catalog", .timeLimit(.minutes(1)))
struct FragmentStepTests {
  @Test("A plan that is behind is refused with both epochs, and one made anew is executed")
  func behind() async throws {
    let rig = try await FragmentRig { _, _ in }
    let old = rig.options()
    try await rig.plane.upsertNode(NodeDescriptor(id: "node-c", rpcEndpoint: "127.0.0.1:2"))
    let placements = [
      ShardPlacement(shard: 0, node: "node-a", role: .leader),
      ShardPlacement(shard: 0, node: "node-c", role: .follower),
    ]
    let epoch = try await rig.plane.updatePlacement(
      of: .key(FragmentRig.shard), to: placements, expecting: nil)
    rig.catalog.learn(rig.plane.snapshot())
    let plan = FragmentPlan("scan", body: [])
    await #expect(
      throws: ClusterError.fragmentOutOfStep(
        label: "scan", .placementEpoch(expected: old.placementEpoch, current: epoch))
    ) { try await rig.executor.execute(on: "node-a", plan, options: old) }
    #expect(rig.server.activity.begun == 0 && rig.server.activity.outOfStep == 1)
    #expect(try await rig.executor.execute(on: "node-a", plan, options: rig.options()) == [])
    await rig.close()
  }

  @Test("A node that is behind catches up first, and then executes")
  func ahead() async throws {
    let known = Mutex<PlacementEpoch?>(nil)
    let rig = try await FragmentRig { fragment, _ in
      known.withLock { $0 = fragment.catalog.placementEpoch }
    }
    let epoch = try await rig.plane.upsertNode(
      NodeDescriptor(id: "node-c", rpcEndpoint: "127.0.0.1:2"))
    let task = rig.begin()
    await rig.catalog.untilAwaited()
    #expect(rig.server.activity.begun == 0 && rig.server.activity.running == 1)
    rig.catalog.learn(rig.plane.snapshot())
    #expect(await task.value == .success([]))
    #expect(known.withLock { $0 } == epoch)
    // Of a minute three quarters would be left, of which ten seconds are given.
    #expect(rig.catalog.waits.first == .seconds(10))
    await rig.close()
  }

  @Test("A node that does not catch up says how far it is")
  func cutOff() async throws {
    let rig = try await FragmentRig { _, _ in }
    let known = rig.plane.snapshot()
    rig.catalog.cutOff()
    let shard = ShardDescriptor(
      key: ShardKey(table: FragmentRig.orders, shard: 1),
      placements: [ShardPlacement(shard: 1, node: "node-a", role: .leader)])
    try await rig.plane.upsertShard(shard)
    let error = await #expect(throws: ClusterError.self) { try await rig.execute() }
    #expect(
      error
        == .fragmentOutOfStep(
          label: "scan orders",
          .catalogVersion(
            expected: rig.plane.snapshot().catalogVersion, current: known.catalogVersion)))
    #expect(error?.message.contains("ask another replica") == true)
    await rig.close()
  }

  @Test("One that is cancelled while its node catches up is not executed")
  func cancelledEarly() async throws {
    let rig = try await FragmentRig { _, _ in }
    try await rig.plane.upsertNode(NodeDescriptor(id: "node-c", rpcEndpoint: "127.0.0.1:2"))
    let other = FragmentRig.executor(on: rig.plane)
    let task = rig.begin()
    await rig.catalog.untilAwaited()
    try await other.cancel(on: "node-a", query: rig.options().queryID, fragment: 1)
    rig.catalog.learn(rig.plane.snapshot())
    #expect(await task.value == .failure(.cancelled))
    #expect(rig.server.activity.begun == 0)
    other.close()
    await rig.close()
  }
}
