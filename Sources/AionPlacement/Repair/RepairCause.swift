public import AionModel

/// What is wrong with a shard's replicas.
public enum RepairCause: Hashable, Sendable, CustomStringConvertible {
  case missingVoter(has: Int, asked: Int)
  case downVoter(NodeID)
  /// The node is live and being emptied.
  case drainingVoter(NodeID)
  case drainingLearner(NodeID)
  /// The node has more replicas than `by` would have, or stands closer to the other voters.
  case unevenLoad(NodeID, replicas: Int)
  case narrowSpread(NodeID)

  public var description: String {
    switch self {
    case .missingVoter(let has, let asked): "\(has) of \(asked) voters"
    case .downVoter(let node): "voter \(node) is down"
    case .drainingVoter(let node): "voter \(node) is being drained"
    case .drainingLearner(let node): "learner \(node) is being drained"
    case .unevenLoad(let node, let replicas): "\(node) carries \(replicas) replicas"
    case .narrowSpread(let node): "\(node) stands too close to the other voters"
    }
  }
}
