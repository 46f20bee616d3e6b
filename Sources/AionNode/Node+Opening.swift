import AionCatalog
public import AionLog
public import AionModel
import AionRaft

extension Node {
  /// Opens a data directory, or begins one that is empty.
  ///
  /// The state is as of the newest snapshot; `start` applies what follows it.
  ///
  /// - Parameters:
  ///   - seed: For the chances that the core takes.
  ///   - now: For a new segment's header, for people.
  /// - Throws: What `Log.open` throws; `undecodableSnapshot` and `inconsistent` when the files hold
  ///   but their contents cannot be used. The files stay as they are.
  public init(
    opening directory: Directory, as identity: LogIdentity, options: NodeOptions = NodeOptions(),
    seed: UInt64, now: WallTime = .epoch
  ) throws(NodeFault) {
    let (log, recovered) = try NodeFault.wrapping { () throws(LogFault) in
      try Log.open(directory, as: identity, limits: options.log, now: now)
    }
    let snapshot = try recovered.snapshot.map { (description) throws(NodeFault) in
      try ClusterSnapshot(reading: description.metadata.position.index, from: log.snapshots)
    }
    // A group of one begins with itself as the only voter.
    let base =
      recovered.snapshot?.metadata
      ?? SnapshotMetadata(
        position: .zero, membership: Membership(voters: [identity.replica]))
    var chance = SplitMix64(seed: seed)
    do throws(RaftStartError) {
      raft = try RaftCore(
        id: identity.replica, options: options.raft, seed: chance.next(), snapshot: base,
        hardState: recovered.hardState, entries: recovered.entries)
    } catch {
      throw .inconsistent(error)
    }
    self.options = options
    self.log = log
    self.chance = chance
    recoveryReport = recovered.report
    catalog = SharedCatalog(ClusterState(snapshot ?? ClusterSnapshot()))
    applied = base.position.index
  }

  /// Applies what the log holds beyond the snapshot. A lone voter elects itself: nobody else could.
  public mutating func start(effects: inout Effects) {
    campaignIfAlone()
    advance(effects: &effects)
  }

  mutating func campaignIfAlone() {
    guard raft.membership.voters == [raft.id], !raft.membership.isJoint, raft.leader == nil else {
      return
    }
    // Refused while a snapshot is being installed; the next proposal tries again.
    try? raft.step(.campaign)
  }
}
