public import AionModel

/// How a replica begins in an empty directory.
public enum NodeBeginning: Hashable, Sendable {
  /// As one of the founders of a group; the same list on each of them. The list is written into
  /// the directory before anything else, and a later opening that names another one is refused.
  case bootstrap([ReplicaID])
  /// As a replica that a group takes in: blank, until a leader sends it a snapshot. Says nothing of
  /// a directory that has begun.
  case join

  var founders: [ReplicaID] {
    switch self {
    case .bootstrap(let members): Set(members).sorted()
    case .join: []
    }
  }
}

/// How another replica is called, for those who are sent on to it.
public struct PeerName: Hashable, Sendable {
  public var node: NodeID
  public var address: String?

  public init(node: NodeID, address: String? = nil) {
    self.node = node
    self.address = address
  }
}
