import AionConfiguration
import AionModel
import AionPlacement
import Testing

@Suite("The configuration of sharding from flags, environment and file")
struct ShardingTests {
  private func read(
    _ layers: ConfigurationLayer...
  ) throws(ConfigurationRefusal) -> (ShardingConfiguration, EffectiveConfiguration) {
    var reading = ConfigurationReading(layers)
    let sharding = reading.readSharding()
    return (sharding, try reading.finish())
  }

  private func environment(_ values: [String: String]) -> ConfigurationLayer {
    .environment(values, claiming: [ShardingKey.environmentPrefix])
  }

  private let file = """
    {
      "distributed": {
        "sharding": {
          "enabled": true,
          "replication_factor": 5,
          "node_attributes": ["a:region=eu;zone=1", "b:region=us"],
          "placement_spread_attributes": ["region", "zone"],
        },
      },
    }
    """

  @Test("Every key has its value from the file, the environment wins, a flag wins over both")
  func precedence() async throws {
    let (sharding, effective) = try read(
      .flags(["distributed.sharding.max_learners_per_node": "7"]),
      environment([
        "AIONDB_SHARDING_REPLICATION_FACTOR": "7", "AIONDB_SHARDING_MAX_LEARNERS_PER_NODE": "9",
      ]), try await fileLayer(file))
    #expect(sharding.isEnabled && sharding.replicationFactor == 7)
    #expect(sharding.maxLearnersPerNode == 7)
    #expect(sharding.spreadAttributes == ["region", "zone"])
    #expect(
      sharding.nodeAttributes == [
        "a": [.init(key: "region", value: "eu"), .init(key: "zone", value: "1")],
        "b": [.init(key: "region", value: "us")],
      ])
    let origins = effective.settings.map { "\($0.key): \($0.origin)" }
    #expect(
      origins.contains(
        "distributed.sharding.replication_factor: environment, AIONDB_SHARDING_REPLICATION_FACTOR"))
    #expect(
      origins.contains(
        "distributed.sharding.max_learners_per_node: flags, "
          + "--distributed-sharding-max-learners-per-node"))
    #expect(origins.contains("distributed.sharding.auto_rebalance: default"))
    #expect(origins.count == ShardingKey.allCases.count)
  }

  @Test("Each key is read under its name in the file and under its name in the environment")
  func names() async throws {
    let odd: [ShardingKey: String] = [
      .enabled: "true", .autoRebalance: "false", .replicationFactor: "5", .maxLearnersPerShard: "2",
      .maxLearnersPerNode: "63", .leadershipMaxTransfers: "0", .leadershipMinLoadDelta: "4",
      .replicaBalance: "true", .replicaBalanceMaxMoves: "3", .nodeAttributes: "a:disk=ssd",
      .requiredAttributes: "disk=ssd", .leasePreferences: "region=eu", .spreadAttributes: "zone",
    ]
    #expect(odd.count == ShardingKey.allCases.count)
    for (key, value) in odd {
      let (fromFile, _) = try read(try await fileLayer("{\"\(key.fileName)\": \"\(value)\"}"))
      #expect(fromFile.value(of: key) == value)
      let (fromEnvironment, _) = try read(environment([key.environmentName: value]))
      #expect(fromEnvironment.value(of: key) == value)
      #expect(fromEnvironment.value(of: key) != ShardingConfiguration().value(of: key))
    }
  }

  @Test("Wrong and misspelled values are refused, those of the program's own settings with them")
  func refused() async throws {
    var reading = ConfigurationReading([
      environment([
        "AIONDB_SHARDING_REPLICATION_FACTOR": "65", "AIONDB_SHARDING_REPLICTION_FACTOR": "3",
      ]),
      try await fileLayer(#"{"threads": 0, "distributed": {"sharding": {"enabled": "perhaps"}}}"#),
    ])
    #expect(reading.readSharding() == ShardingConfiguration())
    _ = reading.read(Settings.threads)
    let error = #expect(throws: ConfigurationRefusal.self) { try reading.finish() }
    let lines = (error.map { "\($0)" } ?? "").split(separator: "\n")
    #expect(lines.count == 4, "\(lines)")
    #expect(
      lines.contains {
        $0 == "AIONDB_SHARDING_REPLICATION_FACTOR = \"65\" (environment): allowed: "
          + "a whole number from 1 to 64"
      })
    #expect(lines.contains { $0.contains("AIONDB_SHARDING_REPLICTION_FACTOR = \"…\"") })
    #expect(lines.contains { $0.hasPrefix("distributed.sharding.enabled = \"perhaps\" (file ") })
  }

  @Test("What is printed for sharding can be read back")
  func printed() async throws {
    let (first, effective) = try read(try await fileLayer(file))
    let (second, _) = try read(try await fileLayer("\(effective)"))
    for key in ShardingKey.allCases { #expect(second.value(of: key) == first.value(of: key)) }
  }
}
