public import AionLog
public import AionModel
import AionRaft

extension Node {
  /// Opens a data directory, or begins one that is empty. What does not hold of one of several
  /// replicas is set aside, and the replica recovers (`recovery`, `recoveryReport`).
  ///
  /// The state is as of the newest snapshot; `start` applies what follows it.
  ///
  /// - Parameters:
  ///   - beginning: How an empty directory begins; nil is a group of this replica alone.
  ///   - seed: For the chances that the core takes, and for incarnations. Another one at each
  ///     opening: reads of an earlier life must not be taken for those of this one.
  ///   - now: For a new segment's header, for people.
  /// - Throws: What `Log.open` throws; `otherFounders` when the directory began otherwise;
  ///   `undecodableSnapshot` and `inconsistent` when the files hold but their contents cannot be
  ///   used. The files stay as they are.
  public init(
    opening directory: Directory, as identity: LogIdentity, beginning: NodeBeginning? = nil,
    options: NodeOptions = NodeOptions(), seed: UInt64, now: WallTime = .epoch
  ) throws(NodeFault) {
    let beginning = beginning ?? .bootstrap([identity.replica])
    var chance = SplitMix64(seed: seed)
    let fresh = try Self.group(beginning, of: identity, &chance)
    let (log, recovered) = try NodeFault.wrapping { () throws(LogFault) in
      try Log.open(
        directory, as: identity, beginning: fresh, successor: Self.successor(seed),
        limits: options.log, now: now)
    }
    let group = log.group ?? fresh
    try Self.check(beginning, against: group)
    let view = try recovered.snapshot.map { (description) throws(NodeFault) in
      try Machine.read(description.metadata.position.index, from: log.snapshots)
    }
    // What is not in a snapshot yet began with the founders.
    let base =
      recovered.snapshot?.metadata
      ?? SnapshotMetadata(position: .zero, membership: Membership(voters: group.founders))
    do throws(RaftStartError) {
      raft = try RaftCore(
        id: identity.replica, options: options.raft, seed: chance.next(), snapshot: base,
        hardState: recovered.hardState, entries: recovered.entries,
        isRecovering: group.recovery != nil)
    } catch {
      throw .inconsistent(error)
    }
    self.options = options
    self.log = log
    self.group = group
    reads = WaitingReads(first: chance.next(), patience: options.readPatience)
    self.chance = chance
    recoveryReport = recovered.report
    machine = SharedMachine(view.map { Machine($0) } ?? Machine())
    applied = base.position.index
  }

  /// Drawn apart, so that what else is drawn is the same whether the disk is whole or not.
  private static func successor(_ seed: UInt64) -> Incarnation {
    var chance = SplitMix64(seed: ~seed)
    return Incarnation(max(1, chance.next()))
  }

  private static func group(
    _ beginning: NodeBeginning, of identity: LogIdentity, _ chance: inout SplitMix64
  ) throws(NodeFault) -> GroupRecord {
    let incarnation = Incarnation(max(1, chance.next()))
    var group = GroupRecord(incarnation: incarnation, founders: beginning.founders)
    _ = group.learn(.init(identity.replica, incarnation))
    if case .bootstrap = beginning, !group.founders.contains(identity.replica) {
      throw .notAFounder(identity.replica, founders: group.founders)
    }
    return group
  }

  private static func check(
    _ beginning: NodeBeginning, against group: GroupRecord
  ) throws(NodeFault) {
    guard case .bootstrap = beginning, beginning.founders != group.founders else { return }
    throw .otherFounders(found: group.founders, expected: beginning.founders)
  }

  /// Applies what the log holds beyond the snapshot. A lone voter elects itself: nobody else could.
  public mutating func start(effects: inout Effects<Machine>) {
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
