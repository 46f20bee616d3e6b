import AionModel
import AionPlacement
import Testing

@Suite("The configuration of sharding")
struct ConfigurationTests {
  private func environment(_ values: [String: String]) throws -> ShardingConfiguration {
    try ShardingConfiguration(from: [.environment(values)])
  }

  private func refusal(_ values: [String: String]) -> String {
    do {
      _ = try ShardingConfiguration(from: [.environment(values)])
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  @Test("Nothing set gives the defaults")
  func defaults() throws {
    let configuration = try environment(["PATH": "/bin", "AIONDB_DATA": "x"])
    #expect(configuration == ShardingConfiguration())
    #expect(!configuration.isEnabled && configuration.autoRebalance)
    #expect(configuration.policy == ReplicaPlacementPolicy(replicationFactor: 3))
    #expect(configuration.maintenance.repair.repairMode == .learnerFirst)
    #expect(configuration.maintenance.repair.maxLearnersPerShard == 1)
    #expect(configuration.maintenance.repair.maxLearnersPerNode == 64)
    #expect(configuration.maintenance.leadership == LeadershipBalanceOptions())
    #expect(configuration.maintenance.replicaBalance == nil)
  }

  @Test("Attributes are read as they are written, white space aside")
  func attributes() throws {
    let configuration = try environment(
      [
        "AIONDB_SHARDING_NODE_ATTRIBUTES": "a:region=eu;zone=a, host:7000:region = us ,"
      ].mapValues { String($0.dropLast()) })
    #expect(
      configuration.nodeAttributes == [
        "a": [.init(key: "region", value: "eu"), .init(key: "zone", value: "a")],
        "host:7000": [.init(key: "region", value: "us")],
      ])
    let lists = try environment([
      "AIONDB_SHARDING_PLACEMENT_REQUIRED_ATTRIBUTES": "disk=ssd",
      "AIONDB_SHARDING_LEASE_PREFERENCE_ATTRIBUTES": "region=eu,region=us",
      "AIONDB_SHARDING_PLACEMENT_SPREAD_ATTRIBUTES": "region, zone",
      "AIONDB_SHARDING_REPLICA_BALANCE": "on",
    ])
    #expect(lists.policy.requiredAttributes == [.init(key: "disk", value: "ssd")])
    #expect(lists.policy.leasePreferences.map(\.value) == ["eu", "us"])
    #expect(lists.policy.spreadAttributes == ["region", "zone"])
    #expect(lists.maintenance.replicaBalance == ReplicaBalanceOptions())
  }

  @Test("The environment wins over the file, and each value knows where it comes from")
  func precedence() throws {
    let configuration = try ShardingConfiguration(from: [
      .environment(["AIONDB_SHARDING_REPLICATION_FACTOR": "5"]),
      .file(
        "/etc/aiondb.conf",
        [
          "distributed.sharding.replication_factor": "7",
          "distributed.sharding.enabled": "true", "other.key": "x",
        ]),
    ])
    #expect(configuration.replicationFactor == 5)
    #expect(configuration.isEnabled)
    let lines = configuration.rendered.split(separator: "\n").map { line in
      line.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }
    #expect(lines.count == ShardingKey.allCases.count)
    #expect(
      lines.prefix(3) == [
        "distributed.sharding.enabled = \"true\" # file /etc/aiondb.conf, "
          + "distributed.sharding.enabled",
        "distributed.sharding.auto_rebalance = \"true\" # default",
        "distributed.sharding.replication_factor = \"5\" # environment, "
          + "AIONDB_SHARDING_REPLICATION_FACTOR",
      ])
  }

  @Test(
    "A wrong value is refused with its key, itself and what is allowed",
    arguments: [
      ("ENABLED", "maybe", "true or false"),
      ("REPLICATION_FACTOR", "0", "a whole number from 1 to 64"),
      ("REPLICATION_FACTOR", "65", "a whole number from 1 to 64"),
      ("REPLICATION_FACTOR", "three", "a whole number from 1 to 64"),
      ("REPLICATION_FACTOR", "", "a whole number from 1 to 64"),
      ("LEADERSHIP_MIN_LOAD_DELTA", "0", "a whole number from 1 to 1000000"),
      ("LEADERSHIP_MAX_TRANSFERS_PER_MAINTENANCE", "-1", "a whole number from 0 to 1000000"),
      ("MAX_LEARNERS_PER_SHARD", "64", "a whole number from 0 to 63"),
    ])
  func refusals(key: String, value: String, allowed: String) {
    let name = "AIONDB_SHARDING_\(key)"
    #expect(
      refusal([name: value]) == "\(name) = \"\(value)\" (environment): allowed: \(allowed)")
  }

  @Test(
    "A list that is wrong is refused with what is wrong in it",
    arguments: [
      ("NODE_ATTRIBUTES", "region=eu", "\"region=eu\" names no node before a colon"),
      ("NODE_ATTRIBUTES", "a:region=eu,a:zone=b", "a stands twice"),
      ("NODE_ATTRIBUTES", "a:region=eu;region=us", "a has region twice"),
      ("NODE_ATTRIBUTES", "a:region=", "\"region=\" is not key=value"),
      ("NODE_ATTRIBUTES", "a:region=eu,", "\"\" names no node before a colon"),
      ("PLACEMENT_REQUIRED_ATTRIBUTES", "ssd", "\"ssd\" is not key=value"),
      ("LEASE_PREFERENCE_ATTRIBUTES", "a=b,a=b", "a=b stands twice"),
      ("PLACEMENT_SPREAD_ATTRIBUTES", "region,,zone", "a name is empty"),
      ("PLACEMENT_SPREAD_ATTRIBUTES", "region=eu", "\"region=eu\" is no name"),
      ("PLACEMENT_SPREAD_ATTRIBUTES", "a,b,c,d,e,f,g,h,i", "these are 9"),
    ])
  func listRefusals(key: String, value: String, complaint: String) {
    let name = "AIONDB_SHARDING_\(key)"
    #expect(
      refusal([name: value])
        .hasPrefix("\(name) = \"\(value)\" (environment): \(complaint); allowed: "))
  }

  @Test("All problems are told at once, misspelled keys and joint limits included")
  func allAtOnce() {
    let text = refusal([
      "AIONDB_SHARDING_REPLICTION_FACTOR": "3", "AIONDB_SHARDING_ENABLED": "2",
    ])
    #expect(text.split(separator: "\n").count == 2)
    #expect(text.contains("AIONDB_SHARDING_REPLICTION_FACTOR"))
    #expect(text.contains("there is no such key"))
    let joint = refusal([
      "AIONDB_SHARDING_REPLICATION_FACTOR": "60", "AIONDB_SHARDING_MAX_LEARNERS_PER_SHARD": "5",
    ])
    #expect(joint.contains("60 voters and 5 learners are too many"))
  }

  @Test("What is rendered can be read back")
  func roundTrip() throws {
    let original = try environment([
      "AIONDB_SHARDING_NODE_ATTRIBUTES": "b:zone=z,a:region=eu;zone=a",
      "AIONDB_SHARDING_PLACEMENT_SPREAD_ATTRIBUTES": "region,zone",
      "AIONDB_SHARDING_MAX_LEARNERS_PER_NODE": "7",
    ])
    var values: [String: String] = [:]
    for key in ShardingKey.allCases { values[key.fileName] = original.value(of: key) }
    let again = try ShardingConfiguration(from: [.file("again", values)])
    for key in ShardingKey.allCases { #expect(again.value(of: key) == original.value(of: key)) }
    #expect(again.policy == original.policy)
  }
}
