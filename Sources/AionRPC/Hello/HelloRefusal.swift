public import AionModel

/// Why a caller is not let in, with both sides' values (aion.v1.HelloRefusal).
public enum HelloRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  case version(asked: ClosedRange<ProtocolVersion>, spoken: ClosedRange<ProtocolVersion>)
  case cluster(asked: ClusterID, found: ClusterID)
  /// nil: any replica was asked for.
  case addressee(asked: Addressee?, found: Addressee)
  /// A replica that has the same id as the one it called.
  case sameReplica(ReplicaID)
  /// No certificate, or no token, or one that nobody knows; in words that give nothing away.
  case unauthenticated(String)
  case tooManyConnections(limit: Int)
  case shuttingDown

  public var description: String {
    switch self {
    case .version(let asked, let spoken):
      "it speaks protocol versions \(spoken.lowerBound) to \(spoken.upperBound), asked for were "
        + "\(asked.lowerBound) to \(asked.upperBound); upgrade the older side"
    case .cluster(let asked, let found):
      "it belongs to cluster \(found), asked for was \(asked); check the address"
    case .addressee(let asked, let found):
      "it is \(found), asked for was \(asked?.description ?? "a replica"); check the address"
    case .sameReplica(let replica):
      "it is replica \(replica) itself; two processes must not have one id"
    case .unauthenticated(let reason): "it does not know the caller: \(reason)"
    case .tooManyConnections(let limit):
      "it has \(limit) connections already; close some, or raise its limit"
    case .shuttingDown: "it is shutting down; ask another replica"
    }
  }
}
