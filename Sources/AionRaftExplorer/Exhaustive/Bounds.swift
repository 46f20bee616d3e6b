import AionModel
package import AionRaft

/// How far the explorer goes. Every combination of what is within the bounds is visited.
package struct Bounds: Sendable {
  /// Replicas, from 1 to 4.
  package var nodes = 3
  /// How many of them, the first ones, vote from the start; the rest wait to be added.
  package var voters = 3
  /// The highest term that a replica may reach.
  package var terms = 3
  /// Messages in flight at a time.
  package var inFlight = 6
  package var preVote = false
  package var checkQuorum = false
  /// Each entry travels in a message of its own.
  package var splitsEntries = false
  /// The changes that may be proposed, each as often as `limits` allows in all.
  package var changes: [ConfigurationChange] = []
  /// How often each thing may happen in one history.
  package var limits = Tally()

  package init() {
    limits[.proposal] = 1
    limits[.crash] = 1
    limits[.drop] = 0
    limits[.duplicate] = 0
    limits[.tick] = 0
    limits[.timeout] = 4
    limits[.change] = 0
    limits[.transfer] = 0
    limits[.read] = 0
    limits[.compaction] = 0
  }

  /// What is wrong with the bounds, if anything.
  package var complaint: String? {
    if !(1...4).contains(nodes) { return "nodes must be from 1 to 4, not \(nodes)" }
    if !(1...nodes).contains(voters) { return "voters must be from 1 to \(nodes), not \(voters)" }
    if !(1...60).contains(terms) { return "terms must be from 1 to 60, not \(terms)" }
    if !(1...31).contains(inFlight) { return "in-flight must be from 1 to 31, not \(inFlight)" }
    if changes.count > 255 { return "at most 255 changes, not \(changes.count)" }
    return nil
  }

  /// Times are as short as they can be: a replica campaigns with its second tick.
  var options: RaftOptions {
    var options = RaftOptions()
    options.electionTicks = 2
    options.electionJitterTicks = 1
    options.heartbeatTicks = 1
    if splitsEntries { options.maximumMessageSize = .zero }
    options.preVote = preVote
    options.checkQuorum = checkQuorum
    return options
  }

  var ids: [ReplicaID] { (1...UInt64(nodes)).map { ReplicaID($0) } }

  /// As transcripts do, a group begins after a snapshot, which a new member can be sent.
  var start: SnapshotMetadata {
    SnapshotMetadata(
      position: LogPosition(term: 1, index: 2),
      membership: Membership(voters: Array(ids.prefix(voters))))
  }

  func start(of replica: ReplicaID) -> SnapshotMetadata {
    let isMember = start.membership.contains(replica)
    return isMember ? start : SnapshotMetadata(position: .zero, membership: Membership())
  }
}

/// How often each of the things happened that are limited.
package struct Tally: Hashable, Sendable {
  package enum Kind: UInt64, CaseIterable, Sendable {
    case proposal
    case change
    case crash
    case drop
    case duplicate
    case tick
    case timeout
    case transfer
    case read
    case compaction
  }

  /// Six bits each.
  private(set) var packed: UInt64 = 0

  package static let highest = 63

  package init(packed: UInt64 = 0) { self.packed = packed }

  package subscript(kind: Kind) -> Int {
    get { Int((packed >> (6 * kind.rawValue)) & 63) }
    set {
      let shift = 6 * kind.rawValue
      packed = packed & ~(63 << shift) | UInt64(min(max(newValue, 0), Tally.highest)) << shift
    }
  }
}
