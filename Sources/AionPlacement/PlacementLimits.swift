import AionModel

/// What the planners can hold; beyond it the configuration refuses.
public enum PlacementLimits {
  /// Spread attributes that count; a policy's later ones are ignored.
  public static let spreadAttributes = 8
  /// Voters and learners of one shard.
  public static let placementsPerShard = Limits.placementsPerShard
}
