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
    case .nodeAttributes: ValueForm.nodeAttributes.written(nodeAttributes)
    case .requiredAttributes: ValueForm.constraints.written(requiredAttributes)
    case .leasePreferences: ValueForm.constraints.written(leasePreferences)
    case .spreadAttributes: ValueForm.attributeNames.written(spreadAttributes)
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
