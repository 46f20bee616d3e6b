public import AionModel

/// One replica of a raft group, as a value: inputs in, outputs out.
///
/// It reads no clock, no disk and no network; its only chance is the seed it was given. The same
/// inputs in the same order give the same outputs. A copy is a replica of its own.
///
/// The protocol is told in chapters, one file each: election, replication (the leader's side),
/// following (the follower's), commit, membership, snapshots, reads, transfer, invariants.
public struct RaftCore: Hashable, Sendable {
  public let id: ReplicaID
  public let options: RaftOptions

  // What must not be forgotten
  public internal(set) var term: Term
  public internal(set) var vote: ReplicaID?
  var log: RaftLog

  /// In force: changes count from when they are applied.
  public internal(set) var membership: Membership
  var role = Role.follower(leader: nil)

  // Time
  var ticksSinceContact = 0
  var electionTimeout: Int
  /// The timeout was cut short, because the connection to the leader broke.
  var isHastened = false
  var chance: SplitMix64

  /// The newest snapshot that may be sent to a follower that needs one.
  public internal(set) var snapshot: SnapshotMetadata

  // To be handed out
  var messages: [Message] = []
  var messagesAfterSync: [Message] = []
  var reads: [Output.SafeRead] = []
  var ownAcknowledgements: [OwnAcknowledgement] = []
  var outstanding: [Outstanding] = []
  var lastHandedOut: HandedOut
  var wantsSnapshot = false
  /// What is committed is told along with entries that are proposed soon.
  var commitNews = CommitNews.toldAtOnce
  /// Entries were applied since it was last asked whether to leave a joint configuration.
  var hasAppliedNews = false
  /// The leader has asked this replica to stand, and a membership change is to be applied first.
  var takesOverWhenApplied = false

  /// Whether this replica has lost what it promised: until it is readmitted it takes entries and
  /// neither votes nor stands.
  public internal(set) var isRecovering: Bool
  /// Up to where the leader of this term has shown that the two logs agree, while recovering.
  var agreed = LogIndex.zero

  /// Starts a replica from what its disk holds; a new one from a snapshot at index 0 that names
  /// the members that the group begins with. A replica that will be added begins with none, and
  /// takes nothing but a snapshot until it has one.
  ///
  /// `entries` follow `snapshot` without a gap. Entries up to `hardState.commit` are handed out to
  /// be applied again. A lower commit index than before a crash is fine.
  ///
  /// - Parameter isRecovering: The disk has lost some of what this replica has promised, be it
  ///   term, vote or entries. See `readmit()`.
  public init(
    id: ReplicaID, options: RaftOptions = RaftOptions(), seed: UInt64,
    snapshot: SnapshotMetadata, hardState: HardState = HardState(), entries: [Entry] = [],
    isRecovering: Bool = false
  ) throws(RaftStartError) {
    if let complaint = options.complaint { throw .options(complaint) }
    guard id.rawValue > 0 else { throw .emptyIdentity }
    guard snapshot.membership.isWellFormed else { throw .brokenMembership(snapshot.membership) }
    let last = try RaftCore.check(entries, after: snapshot.position)
    guard hardState.commit <= last.index else {
      throw .commitBeyondLog(commit: hardState.commit, last: last.index)
    }
    guard entries.isEmpty || hardState.term >= last.term else {
      throw .termBehindLog(term: hardState.term, last: last)
    }
    self.id = id
    self.options = options
    self.isRecovering = isRecovering
    self.snapshot = snapshot
    membership = snapshot.membership
    term = hardState.term
    vote = hardState.vote
    log = RaftLog(after: snapshot.position, applyLimit: options.maximumApplyingSize)
    log.recover(entries, committed: hardState.commit)
    chance = SplitMix64(seed: seed)
    electionTimeout = options.electionTicks
    lastHandedOut = HandedOut(
      hardState: HardState(term: term, vote: vote, commit: log.committed),
      leadership: Output.Leadership(leader: nil, role: .follower))
    drawElectionTimeout()
  }

  private static func check(
    _ entries: [Entry], after start: LogPosition
  ) throws(RaftStartError) -> LogPosition {
    var last = start
    for entry in entries {
      guard entry.index == last.index.next, entry.term >= last.term else {
        throw .discontinuousEntries(after: last, found: entry.position)
      }
      last = entry.position
    }
    return last
  }
}

// MARK: - What others may see

extension RaftCore {
  public var leader: ReplicaID? {
    switch role {
    case .follower(let leader): leader
    case .leader: id
    case .preCandidate, .candidate: nil
    }
  }

  public var roleName: RoleName { role.name }
  public var committed: LogIndex { log.committed }
  public var applied: LogIndex { log.applied }
  /// The newest entry, be it written or not.
  public var lastPosition: LogPosition { log.last }
  /// The oldest entry that is kept in memory.
  public var firstIndex: LogIndex { log.first }

  /// Entries that are kept in memory; what lies outside is left out.
  public func entries(_ range: Range<LogIndex>) -> [Entry] {
    let lower = max(range.lowerBound, log.first)
    let upper = min(range.upperBound, log.last.index.next)
    return lower < upper ? log.entries.entries(lower..<upper) : []
  }

  /// The term of an entry or of the newest compacted one; `nil` where it is not known.
  public func term(at index: LogIndex) -> Term? { log.entries.term(at: index) }

  /// A whole voter of the membership in force that has no snapshot to install.
  var isElectable: Bool { membership.isVoter(id) && log.incoming == nil && !isRecovering }

  var isLeader: Bool {
    if case .leader = role { return true }
    return false
  }
}

// MARK: - What a role remembers

extension RaftCore {
  var leaderState: Leader? {
    if case .leader(let leader) = role { return leader }
    return nil
  }

  /// Changes a leader's state in place; does nothing to another role.
  @discardableResult
  mutating func updateLeader<Result>(_ body: (inout Leader) -> Result) -> Result? {
    guard case .leader(var leader) = role else { return nil }
    role = .follower(leader: nil)  // gives up the second reference, so that nothing is copied
    defer { role = .leader(leader) }
    return body(&leader)
  }

  /// Changes what a leader knows of a member.
  @discardableResult
  mutating func updateProgress<Result>(
    of replica: ReplicaID, _ body: (inout Progress) -> Result
  ) -> Result? {
    updateLeader { leader -> Result? in
      guard let place = leader.place(of: replica) else { return nil }
      return body(&leader.progress[place])
    } ?? nil
  }

  func progress(of replica: ReplicaID) -> Progress? {
    guard case .leader(let leader) = role else { return nil }
    return leader.progress(of: replica)
  }

  /// The other members, by ascending id: whom a leader talks to.
  var followers: [ReplicaID] {
    guard case .leader(let leader) = role else { return [] }
    return leader.progress.lazy.map(\.replica).filter { $0 != id }
  }
}
