import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft
import Testing

@Suite("Proposing to a node")
struct NodeProposingTests {
  @Test("Submissions that come together share one sync and keep their order")
  func groupCommit() throws {
    let world = try NodeWorld()
    let before = world.status
    let outcomes = world.propose((1...64).map(write))
    let after = world.status
    #expect(after.syncedBatches - before.syncedBatches == 1)
    #expect(after.syncedEntries - before.syncedEntries == 64)
    let indices = try outcomes.map { try $0.get().index }
    #expect(indices == indices.sorted())
    #expect(Set(indices).count == 64)
  }

  @Test("Above the batch size there is one sync for each batch; a larger command still goes")
  func splitsBatches() throws {
    var options = NodeOptions.small
    options.batchSize = ByteCount(Submission(CommandBatch(write(1))).encoded.count * 2)
    let world = try NodeWorld(options: options)
    let before = world.status.syncedBatches
    #expect(try world.propose((1...9).map(write)).allSatisfy { try $0.get().hasChanges })
    #expect(world.status.syncedBatches - before == 5)
    let name = String(repeating: "n", count: Limits.nameLength.bytes)
    #expect((try? world.propose(.upsertRole(ClusterRoleDescriptor(name: name))).get()) != nil)
  }

  @Test("A refusal by the state machine is logged, answered and changes nothing")
  func refusals() throws {
    let world = try NodeWorld()
    let digest = world.snapshot.digest
    #expect(
      world.propose(.markNode("node-x", live: false)) == .failure(.unknownNode("node-x")))
    #expect(world.snapshot.digest == digest)
    #expect(world.status.applied == world.status.last)
  }

  @Test("The replies of one round name their submissions, refused ones too")
  func repliesInOrder() throws {
    let world = try NodeWorld()
    let outcomes = world.propose([write(1), .markNode("node-x", live: true), write(2)])
    #expect((try? outcomes[0].get()) != nil)
    #expect(outcomes[1] == .failure(.unknownNode("node-x")))
    #expect((try? outcomes[2].get()) != nil)
  }

  @Test("Versions are log indices: of the entry that changed what exists, or where it runs")
  func versions() throws {
    let world = try NodeWorld()
    let role = try world.propose(write(1)).get()
    #expect(role.catalogVersion == CatalogVersion(role.index))
    let node = try world.propose(
      .upsertNode(NodeDescriptor(id: "node-a", rpcEndpoint: "a:1"))
    ).get()
    #expect(node.placementEpoch == PlacementEpoch(node.index))
    #expect(node.catalogVersion == CatalogVersion(role.index))
    let again = try world.propose(write(1)).get()
    #expect(!again.hasChanges)
    #expect(again.catalogVersion == CatalogVersion(role.index))
  }
}
