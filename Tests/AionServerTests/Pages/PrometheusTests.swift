import AionCatalog
import AionModel
import AionRPC
import AionServer
import ClusterRig
import Foundation
import StockTools
import Testing

@Suite("Prometheus reads the metrics", .serialized, .timeLimit(.minutes(2)))
struct PrometheusTests {
  /// Docs/Contracts.md names them; so do the dashboards of those who come from there.
  private static let contract =
    [
      "control_plane_catalog_version", "control_plane_placement_epoch", "control_plane_nodes",
      "control_plane_live_nodes", "control_plane_shards", "control_plane_node_live",
    ]
    + [
      "shards_total", "shards_with_live_quorum", "shards_without_live_quorum",
      "under_replicated_shards", "shards_with_down_voters", "shards_with_learners",
      "learner_replicas", "node_leaders", "node_voters", "node_learners", "node_down_voters",
      "shard_live_quorum", "shard_live_voters", "shard_voters", "shard_down_voters",
      "shard_learners",
    ].map { "replication_\($0)" }

  @Test("promtool finds nothing wrong, and every gauge of the contract has samples")
  func page() async throws {
    try await ClusterRig.runSecurely(founders: 1) { rig, _ in
      try await Self.fill(rig)
      let page = try #require(await rig.page("/metrics", of: 1)).text
      #expect(try Promtool.complaints(about: page) == "")
      let samples = page.split(separator: "\n").filter { !$0.hasPrefix("#") }
        .map { $0.prefix { $0 != "{" && $0 != " " } }
      let missing = Self.contract.map { "aiondb_distributed_\($0)" }
        .filter { !samples.contains($0[...]) }
      #expect(missing.isEmpty)
      #expect(samples.contains("aion_tls_certificate_expiry_seconds"))
    }
  }

  @Test("A real Prometheus scrapes three processes and answers what is true of them")
  func scrape() async throws {
    try await ClusterRig.runSecurely(founders: 3) { rig, _ in
      try await Self.fill(rig)
      let port = try FreePorts.take(1)[0]
      let targets = try rig.numbers.map { "127.0.0.1:\(try rig.pagePort(of: $0))" }
      let prometheus = try Prometheus(scraping: targets, port: port)
      defer { prometheus.close() }
      func value(of query: String) async throws -> [String: Double] {
        try prometheus.checkRuns()
        let path = "/api/v1/query?query=\(query)"
        guard let page = await PageFetch.get(path, port: port), page.status == 200 else {
          return [:]
        }
        let answer = try JSONDecoder().decode(Answer.self, from: Data(page.text.utf8))
        return Dictionary(
          answer.data.result.map { ($0.metric["instance"] ?? "", Double($0.value.text) ?? .nan) },
          uniquingKeysWith: { $1 })
      }
      func until(_ query: String, is expected: Double) async throws {
        let wanted = Dictionary(uniqueKeysWithValues: targets.map { ($0, expected) })
        while try await value(of: query) != wanted { try Task.checkCancellation() }
      }
      try await until("up", is: 1)
      try await until("aiondb_distributed_control_plane_nodes", is: 3)
      try await until("aiondb_distributed_replication_under_replicated_shards", is: 1)
      try await until("aion_raft_voters", is: 3)
      let leads = try await value(of: "aion_raft_is_leader")
      #expect(leads.values.reduce(0, +) == 1)
    }
  }

  /// Three nodes, one of them down; a shard on each of the others, with a learner on the third.
  private static func fill(_ rig: ClusterRig) async throws {
    let group = RemoteControlPlane(rig.client)
    for name in ["a", "b", "c"] {
      let node = NodeDescriptor(id: try NodeID(name), rpcEndpoint: "\(name):1")
      _ = try await group.upsertNode(node)
    }
    let database = try await group.createDatabase(
      CreateDatabaseRequest(name: "shop", owner: "anna"))
    let table = TableKey(database: database.id, relation: 16_384)
    try await group.upsertShard(
      ShardDescriptor(
        key: ShardKey(table: table, shard: 0),
        placements: [
          ShardPlacement(shard: 0, node: "a", role: .leader),
          ShardPlacement(shard: 0, node: "b", role: .follower),
          ShardPlacement(shard: 0, node: "c", role: .learner),
        ]))
    _ = try await group.markNode("b", live: false)
    await group.close()
    // Followers show it a moment later.
    let applied = try #require(await rig.status(of: rig.leader())).applied
    try await rig.wait("all have it") { pages in
      pages.values.allSatisfy { $0.applied >= applied }
    }
  }

  private struct Answer: Decodable {
    struct Contents: Decodable { var result: [Sample] }
    struct Sample: Decodable {
      var metric: [String: String]
      var value: Value
    }
    /// `[time, "value"]`
    struct Value: Decodable {
      var text: String

      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        _ = try container.decode(Double.self)
        text = try container.decode(String.self)
      }
    }

    var data: Contents
  }
}
