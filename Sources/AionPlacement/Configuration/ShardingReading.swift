import AionModel

/// Reads one key after the other and gathers what is wrong.
struct ShardingReading {
  private let sources: [ConfigurationSource]
  private(set) var origins: [ShardingKey: ConfigurationOrigin] = [:]
  private(set) var problems: [ConfigurationRefusal.Problem] = []

  init(_ sources: [ConfigurationSource]) {
    self.sources = sources
    for source in sources {
      for name in source.unknownNames {
        problems.append(
          ConfigurationRefusal.Problem(
            name: name, source: source.name, value: "…", complaint: "there is no such key",
            allowed: ShardingKey.allCases.map(\.rawValue).joined(separator: ", ")))
      }
    }
  }

  mutating func set<Value>(
    _ key: ShardingKey, _ path: WritableKeyPath<ShardingConfiguration, Value>,
    _ form: ValueForm<Value>, in configuration: inout ShardingConfiguration
  ) {
    guard let written = sources.lazy.compactMap({ $0.value(of: key) }).first else { return }
    origins[key] = written.origin
    do throws(ValueComplaint) {
      configuration[keyPath: path] = try form.parse(written.text.trimmed)
    } catch {
      refuse(written, complaint: error.text, allowed: form.allowed)
    }
  }

  /// Voters and learners of a shard are limited together.
  mutating func checkReplicas(of configuration: ShardingConfiguration) {
    let limit = PlacementLimits.placementsPerShard
    let (factor, learners) = (configuration.replicationFactor, configuration.maxLearnersPerShard)
    guard factor + learners > limit, problems.isEmpty else { return }
    let key: ShardingKey =
      origins[.maxLearnersPerShard] == nil ? .replicationFactor : .maxLearnersPerShard
    let written = sources.lazy.compactMap { $0.value(of: key) }.first
    guard let written else { return }
    refuse(
      written, complaint: "\(factor) voters and \(learners) learners are too many",
      allowed: "at most \(limit) replicas of a shard")
  }

  private mutating func refuse(_ written: ConfiguredValue, complaint: String?, allowed: String) {
    guard case .source(let source, let name) = written.origin else { return }
    problems.append(
      ConfigurationRefusal.Problem(
        name: name, source: source, value: written.text, complaint: complaint, allowed: allowed))
  }
}
