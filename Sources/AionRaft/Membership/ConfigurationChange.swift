public import AionModel

/// A proposal to change the membership.
@frozen
public struct ConfigurationChange: Hashable, Sendable {
  /// What becomes of one replica.
  @frozen
  public enum Step: Hashable, Sendable {
    case addVoter(ReplicaID)
    case addLearner(ReplicaID)
    case remove(ReplicaID)
    /// The replica's address changed; its part in the group did not.
    case update(ReplicaID)
  }

  /// How a change of more than one voter passes through a joint configuration.
  @frozen
  public enum Transition: Hashable, Sendable {
    /// The simple form when one voter changes, else joint and left by the leader itself.
    case automatic
    /// Joint, left by the leader itself.
    case implicit
    /// Joint, left when the application proposes an empty change.
    case explicit
  }

  public var transition: Transition
  /// Applied in order. Empty means: leave the joint configuration.
  public var steps: [Step]
  /// Bytes of the application (an address, say) that travel with the change.
  public var context: [UInt8]

  public init(transition: Transition = .automatic, steps: [Step], context: [UInt8] = []) {
    self.transition = transition
    self.steps = steps
    self.context = context
  }
}
