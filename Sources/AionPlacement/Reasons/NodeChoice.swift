public import AionModel

/// The node that gets a replica, and why this one: no live candidate stood further apart from the
/// other voters, and of those that stood as far none had fewer replicas.
public struct NodeChoice: Hashable, Sendable, CustomStringConvertible {
  public let node: NodeID
  /// Replicas that it had before.
  public let replicas: Int
  public let spread: SpreadReach

  public var description: String {
    "\(node) (\(replicas) \(replicas == 1 ? "replica" : "replicas"), \(spread))"
  }
}
