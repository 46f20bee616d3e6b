public import AionLog
public import AionNode
public import AionRaft

/// What a replica needs of the process around it: a network, and someone to tell.
///
/// Called on the replica's thread, which must not be held up.
public protocol ReplicaOutlet: Sendable {
  /// Sends, or drops: raft sends again what still matters.
  func send(_ envelopes: [Envelope])
  /// What this replica is and whom it follows has changed.
  func leadershipChanged(_ leadership: NodeLeadership)
  /// The members have changed.
  func membershipChanged(_ membership: Membership)
  /// Another replica was not heard, or did not hear this one.
  func refused(_ refusal: Refused)
  /// Something went wrong without harm.
  func warned(_ fault: LogFault)
  /// The replica takes no part any more; reads of its own state go on.
  func failed(_ fault: NodeFault)
}
