public import AionModel

/// Whoever is dialled, as it introduces itself.
public enum HostIdentity: Hashable, Sendable {
  /// A replica of the control plane.
  case replica(PeerIdentity)
  /// A node of the database, which executes fragments.
  case node(NodeID)

  var addressee: Addressee {
    switch self {
    case .replica(let peer): .replica(peer.replica)
    case .node(let node): .node(node)
    }
  }
}

/// Whom a caller wants to speak to.
public enum Addressee: Hashable, Sendable, CustomStringConvertible {
  case replica(ReplicaID)
  case node(NodeID)

  public var description: String {
    switch self {
    case .replica(let replica): "replica \(replica)"
    case .node(let node): "node \(node)"
    }
  }
}
