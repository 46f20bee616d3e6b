public import AionModel

/// Which nodes of the database a client may speak for: register them, and be heard of as them.
public enum NodeRight: Hashable, Sendable {
  case every
  /// Those of these names.
  case only([String])

  /// Whether the node is one of them.
  public func covers(_ node: NodeID) -> Bool {
    switch self {
    case .every: true
    case .only(let names): names.contains(node.name)
    }
  }
}
