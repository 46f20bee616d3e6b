import AionModel
import Testing

@Suite("Descriptors")
struct DescriptorTests {
  @Test("A new cluster begins with the same database everywhere")
  func bootstrap() {
    let database = DatabaseDescriptor.defaultBootstrap(owner: "postgres")
    #expect(database.id == .default && database.name == "default" && database.owner == "postgres")
    #expect(database.encoding == "UTF8" && database.collate == "C" && database.ctype == "C")
    #expect(database.tablespace == .pgDefault && database.connectionLimit == nil)
    #expect(!database.isTemplate && database.allowsConnections && database.createdAt == .epoch)
  }

  @Test("A request needs a name and an owner; the rest is as in PostgreSQL")
  func request() {
    let request = CreateDatabaseRequest(name: "shop", owner: "anna")
    #expect(request.encoding == "UTF8" && request.collate == "C" && request.ctype == "C")
    #expect(request.tablespace == nil && request.connectionLimit == nil && request.template == nil)
    #expect(!request.isTemplate && request.allowsConnections)
  }

  @Test("A superuser may do everything")
  func superuser() {
    let role = ClusterRoleDescriptor.superuser(named: "dba")
    #expect(role.canLogin && role.isSuperuser && role.canCreateDatabase && role.canCreateRole)
    #expect(role.inheritsPrivileges && role.connectionLimit == nil && role.validUntil == nil)
  }

  @Test("A plain role may do nothing but inherit")
  func plainRole() {
    let role = ClusterRoleDescriptor(name: "anna")
    #expect(!role.canLogin && !role.isSuperuser && !role.canCreateDatabase && !role.canCreateRole)
    #expect(role.inheritsPrivileges && role.passwordHash == nil)
  }

  @Test("Leaders and followers vote, learners do not")
  func voting() {
    #expect(ReplicaRole.allCases.filter(\.isVoting) == [.leader, .follower])
    #expect(ReplicaRole.allCases.map(\.description) == ["leader", "follower", "learner"])
  }

  @Test("A shard's placements are kept in the order of their nodes")
  func placements() {
    let shard = ShardDescriptor(
      key: ShardKey(database: 1, relation: 2, shard: 3),
      placements: [
        ShardPlacement(shard: 3, node: "c", role: .learner),
        ShardPlacement(shard: 3, node: "b", role: .leader),
        ShardPlacement(shard: 3, node: "a", role: .follower),
      ])
    #expect(shard.placements.map(\.node) == ["a", "b", "c"])
    #expect(shard.leader?.node == "b")
    #expect(shard.voters.map(\.node) == ["a", "b"] && shard.learners.map(\.node) == ["c"])
    #expect(shard.placement(on: "c")?.role == .learner && shard.placement(on: "d") == nil)
  }

  @Test("Topology is who does what, whenever it was written")
  func topology() {
    let old = ShardPlacement(shard: 1, node: "a", role: .leader, leaseEpoch: 3)
    var new = old
    new.leaseEpoch = 9
    #expect(old.hasSameTopology(as: new) && old != new)
    new.role = .follower
    #expect(!old.hasSameTopology(as: new))
  }

  @Test("A control plane's snapshot counts its nodes")
  func snapshot() {
    let nodes = ["a", "b", "c"].map { (id: NodeID) in
      ControlPlaneNodeSnapshot(id: id, rpcEndpoint: "\(id):1", isLive: id != "b")
    }
    let snapshot = ControlPlaneSnapshot(
      catalogVersion: 4, placementEpoch: 7, totalShards: 12, nodes: nodes)
    #expect(snapshot.totalNodes == 3 && snapshot.liveNodes == 2 && snapshot.totalShards == 12)
  }

  @Test("A policy knows its nodes' attributes")
  func attributes() {
    let europe = NodeAttributeConstraint(key: "region", value: "eu")
    let policy = ReplicaPlacementPolicy(nodeAttributes: ["a": [europe]])
    #expect(policy.replicationFactor == 3)
    #expect(policy.value(of: "region", on: "a") == "eu" && policy.value(of: "zone", on: "a") == nil)
    #expect(policy.satisfies(europe, on: "a") && !policy.satisfies(europe, on: "b"))
    #expect("\(europe)" == "region=eu")
  }
}
