public import AionModel

/// Why this voter leads and not another one.
public enum LeaderChoice: Hashable, Sendable, CustomStringConvertible {
  /// It satisfies the most important lease preference that any candidate satisfies; `leaders` is
  /// what it led before.
  case preferred(NodeAttributeConstraint, leaders: Int)
  /// No candidate had led fewer shards.
  case fewestLeaders(Int)

  public var description: String {
    switch self {
    case .preferred(let constraint, let leaders): "preferred for \(constraint), led \(leaders)"
    case .fewestLeaders(let leaders): "led the fewest, \(leaders)"
    }
  }
}
