public import AionModel

/// The configuration of a raft group: one majority, or two while a joint change is under way
/// (Raft §6).
@frozen
public struct Membership: Hashable, Sendable {
  /// The voters, in ascending order; of the incoming configuration while joint.
  public var voters: [ReplicaID]
  /// The voters of the outgoing configuration, in ascending order; empty unless joint.
  public var outgoingVoters: [ReplicaID]
  /// Replicas that receive the log and do not vote, in ascending order.
  public var learners: [ReplicaID]
  /// Outgoing voters that become learners when the joint configuration is left.
  public var stagedLearners: [ReplicaID]
  /// Whether the leader leaves the joint configuration by itself.
  public var leavesAutomatically: Bool

  public init(
    voters: [ReplicaID] = [], outgoingVoters: [ReplicaID] = [], learners: [ReplicaID] = [],
    stagedLearners: [ReplicaID] = [], leavesAutomatically: Bool = false
  ) {
    self.voters = voters.sorted()
    self.outgoingVoters = outgoingVoters.sorted()
    self.learners = learners.sorted()
    self.stagedLearners = stagedLearners.sorted()
    self.leavesAutomatically = leavesAutomatically
  }

  public var isJoint: Bool { !outgoingVoters.isEmpty }
}
