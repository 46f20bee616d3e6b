public import AionModel
public import AionNode
public import AionRaft

// MARK: The network

extension ReplicatedControlPlane {
  /// Takes what another replica has sent; drops it when too much waits already.
  ///
  /// - Parameter size: Of the envelope as it came, for the limit on what waits.
  public func receive(_ envelope: Envelope, size: ByteCount) {
    guard room.take(size) else { return }
    if !queue.offer(.received(envelope, size), within: requestLimit) {
      room.giveBack(size)
      room.drop()
    }
  }

  /// Something for a replica could not be sent.
  public func peerUnreachable(_ replica: ReplicaID) {
    // One that is dropped is told again with the next message.
    _ = queue.offer(.unreachable(replica), within: requestLimit / 2)
  }

  /// A connection to a replica broke, as it does at once when its process ends. Followers of a
  /// leader that is gone elect another one sooner.
  public func peerLost(_ replica: ReplicaID) {
    _ = queue.offer(.lost(replica), within: requestLimit)
  }

  /// How other replicas are called, for those who are sent on to one.
  public func name(_ names: [ReplicaID: PeerName]) { try? queue.submit(.name(names)) }
}

// MARK: The members

extension ReplicatedControlPlane {
  /// Changes who belongs to the group. A replica is added as a learner first, and as a voter once
  /// it has been heard of.
  ///
  /// - Returns: The members that came of it.
  /// - Throws: `notLeader`, `membershipRefused`, `outcomeUnknown`, and what `propose` throws.
  @discardableResult
  public func changeMembership(
    _ change: ConfigurationChange
  ) async throws(ClusterError) -> Membership {
    try await queue.ask { .changeMembership(change, $0) }
  }

  /// Hands the leadership to another voter, or to the one that has the most of the log.
  ///
  /// - Throws: `notLeader`, `membershipRefused`, `busy` when it did not take over in time.
  public func transferLeadership(to replica: ReplicaID?) async throws(ClusterError) {
    try await queue.ask { .transferLeadership(replica, $0) }
  }

  /// Whether a directory is known as that replica's.
  public func knows(_ replica: ReplicaID) -> Bool { board.group.knownReplicas.contains(replica) }

  /// A replica's number that was never used: above those of all that are members or ever were.
  public var unusedReplicaID: ReplicaID {
    let group = board.group
    let members = group.membership
    let used =
      group.knownReplicas + members.voters + members.outgoingVoters + members.learners
      + members.stagedLearners + [identity.replica]
    return ReplicaID((used.max() ?? identity.replica).rawValue + 1)
  }
}
