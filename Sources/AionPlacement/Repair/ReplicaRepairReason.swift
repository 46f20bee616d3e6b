public import AionModel

/// What a repair does to a shard and why.
public enum ReplicaRepairReason: Hashable, Sendable, CustomStringConvertible {
  /// A follower more.
  case addVoter(NodeChoice, because: RepairCause)
  /// A follower in place of the voter that the cause names.
  case replaceVoter(by: NodeChoice, because: RepairCause)
  /// A learner that is to take over; `dropping` is a learner that makes room for it.
  case stageLearner(NodeChoice, because: RepairCause, dropping: NodeID?)
  /// A caught-up learner becomes a follower more.
  case promoteLearner(NodeID, because: RepairCause)
  /// A caught-up learner becomes a follower in place of the voter that the cause names.
  case promoteLearnerInPlace(NodeID, because: RepairCause)
  /// The voter that the cause names leaves; there are more than enough without it.
  case dropVoter(NodeID, because: RepairCause, voters: Int, asked: Int)

  public var description: String {
    switch self {
    case .addVoter(let choice, let cause): "add voter \(choice): \(cause)"
    case .replaceVoter(let choice, let cause): "replace by voter \(choice): \(cause)"
    case .stageLearner(let choice, let cause, let dropped):
      "stage learner \(choice): \(cause)" + (dropped.map { "; learner \($0) goes" } ?? "")
    case .promoteLearner(let node, let cause): "promote caught-up learner \(node): \(cause)"
    case .promoteLearnerInPlace(let node, let cause):
      "promote caught-up learner \(node) in its place: \(cause)"
    case .dropVoter(let node, let cause, let voters, let asked):
      "drop voter \(node), \(voters) voters where \(asked) are asked: \(cause)"
    }
  }
}
