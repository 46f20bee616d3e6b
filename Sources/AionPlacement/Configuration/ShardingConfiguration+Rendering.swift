import AionModel

extension ShardingConfiguration {
  /// The value in force, as it could stand in a file.
  public func value(of key: ShardingKey) -> String {
    switch key {
    case .enabled: "\(isEnabled)"
    case .autoRebalance: "\(autoRebalance)"
    case .replicationFactor: "\(replicationFactor)"
    case .maxLearnersPerShard: "\(maxLearnersPerShard)"
    case .maxLearnersPerNode: "\(maxLearnersPerNode)"
    case .leadershipMaxTransfers: "\(leadershipMaxTransfers)"
    case .leadershipMinLoadDelta: "\(leadershipMinLoadDelta)"
    case .replicaBalance: "\(replicaBalance)"
    case .replicaBalanceMaxMoves: "\(replicaBalanceMaxMoves)"
    case .nodeAttributes:
      nodeAttributes.sorted { $0.key < $1.key }
        .map { "\($0.key):\($0.value.map(\.description).joined(separator: ";"))" }
        .joined(separator: ",")
    case .requiredAttributes: requiredAttributes.map(\.description).joined(separator: ",")
    case .leasePreferences: leasePreferences.map(\.description).joined(separator: ",")
    case .spreadAttributes: spreadAttributes.joined(separator: ",")
    }
  }

  /// Every key with the value in force and where it comes from, one a line, for people.
  public var rendered: String {
    let rows = ShardingKey.allCases.map { key in
      (left: "\(key.fileName) = \"\(value(of: key))\"", origin: origin(of: key))
    }
    let width = rows.map(\.left.count).filter { $0 <= 72 }.max() ?? 0
    return rows.map { row in
      let padding = String(repeating: " ", count: max(0, width - row.left.count))
      return "\(row.left)\(padding)  # \(row.origin)\n"
    }.joined()
  }
}
