import AionLog
import AionModel
import AionNode
import AionRaft

/// What a group has promised so far, against which every replica is held after every event.
///
/// Each check looks only at what is new since it last looked at that replica.
struct Ledger {
  private var leaders: [Term: ReplicaID] = [:]
  /// The newest vote that each life of a directory has sent.
  private var votes: [Voter: Vote] = [:]
  private var written: [LogPosition: Written] = [:]
  /// Of committed indices, from 1; nil where every replica had compacted it when it was looked at.
  private var committed: [Committed?] = []
  /// Of applied indices, from 1.
  private var digests: [SnapshotDigest?] = []
  private var memberships: [LogIndex: Membership] = [:]
  /// The newest membership that anyone has applied.
  private(set) var membership = Membership()
  private var membershipIndex = LogIndex.zero
  /// The highest place in the log that a client was told of.
  private(set) var acknowledged = LogIndex.zero

  private struct Committed {
    let term: Term
    /// The term of whoever was first seen to know.
    let knownIn: Term
  }

  private struct Voter: Hashable {
    let replica: ReplicaID
    let incarnation: Incarnation
  }

  private struct Vote {
    let term: Term
    let candidate: ReplicaID
  }

  private struct Written {
    let entry: Entry
    let previous: Term?
    let writer: ReplicaID
  }

  /// How far one life of a replica has been looked at.
  struct Mark {
    var term = Term.zero
    var isLeader = false
    var last = LogPosition.zero
    var committed = LogIndex.zero
    var applied = LogIndex.zero
    /// The terms of the entries that were looked at, from index 1.
    fileprivate var terms: [Term] = []

    fileprivate mutating func note(_ term: Term, at index: LogIndex) {
      let place = Int(index.rawValue) - 1
      while terms.count <= place { terms.append(.zero) }
      terms[place] = term
    }

    fileprivate func knows(_ position: LogPosition) -> Bool {
      let place = Int(position.index.rawValue) - 1
      return place < terms.count && terms[place] == position.term
    }

    fileprivate mutating func forget(after index: LogIndex) {
      terms.removeLast(max(0, terms.count - Int(index.rawValue)))
    }
  }

  var lastCommitted: LogIndex { LogIndex(UInt64(committed.count)) }
  var lastApplied: LogIndex { LogIndex(UInt64(digests.count)) }
  var terms: Int { leaders.count }

  init(_ founders: Membership) { membership = founders }

  mutating func acknowledge(_ index: LogIndex) { acknowledged = max(acknowledged, index) }

  /// Holds a replica's core against everything that is known.
  mutating func check(_ core: borrowing RaftCore, _ mark: inout Mark) throws(Violation) {
    core.checkInvariants()
    try checkLog(core, &mark)
    try checkLeader(core, &mark)
    try checkCommits(core, &mark)
  }

  private mutating func checkLeader(
    _ core: borrowing RaftCore, _ mark: inout Mark
  ) throws(Violation) {
    let isLeader = core.roleName == .leader
    guard isLeader != mark.isLeader || core.term != mark.term else { return }
    mark.isLeader = isLeader
    mark.term = core.term
    guard isLeader else { return }
    if let other = leaders[core.term], other != core.id {
      throw Violation(
        .electionSafety, "replicas \(other) and \(core.id) lead in term \(core.term)")
    }
    leaders[core.term] = core.id
    try checkCompleteness(of: core)
  }

  /// A leader has what was committed in earlier terms. It is enough to look at the last of it.
  private func checkCompleteness(of leader: borrowing RaftCore) throws(Violation) {
    let term = leader.term
    let place = committed.lastIndex { $0.map { $0.knownIn < term } ?? false }
    guard let place, let known = committed[place] else { return }
    let index = LogIndex(UInt64(place) + 1)
    guard index >= leader.firstIndex, leader.term(at: index) != known.term else { return }
    let found = leader.term(at: index).map { "an entry of term \($0)" } ?? "nothing"
    throw Violation(
      .leaderCompleteness,
      "replica \(leader.id) leads term \(leader.term) and has \(found) at index \(index), where an "
        + "entry of term \(known.term) is committed")
  }

  /// Takes note of a vote that a message gives away. One whose disk has lost its votes begins anew,
  /// as another incarnation.
  mutating func noteVote(in envelope: Envelope) throws(Violation) {
    guard case .raft(let message) = envelope.body else { return }
    let vote: Vote
    switch message.body {
    case .voteReply(let term, .granted): vote = Vote(term: term, candidate: message.to)
    case .vote(let term, _, _, _): vote = Vote(term: term, candidate: message.from)
    default: return
    }
    let voter = Voter(replica: envelope.from, incarnation: envelope.incarnation)
    let before = votes.updateValue(vote, forKey: voter)
    guard let before, before.term >= vote.term else { return }
    guard before.term == vote.term, before.candidate == vote.candidate else {
      throw Violation(
        .oneVote,
        "replica \(voter.replica) votes for \(vote.candidate) in term \(vote.term), after it has "
          + "voted for \(before.candidate) in term \(before.term)")
    }
  }

  // MARK: - Logs

  /// By induction, two logs that share an entry share all before it: it is enough that each new
  /// entry is the only one of its position, with one term before it.
  private mutating func checkLog(
    _ core: borrowing RaftCore, _ mark: inout Mark
  ) throws(Violation) {
    let last = core.lastPosition
    guard last != mark.last else { return }
    mark.last = last
    mark.forget(after: last.index)
    var index = last.index
    while index >= core.firstIndex, index > .zero {
      guard let entry = core.entries(index..<index.next).first, !mark.knows(entry.position)
      else { return }
      try note(entry, after: core.term(at: index.previous), in: core.id)
      mark.note(entry.term, at: index)
      index = index.previous
    }
  }

  private mutating func note(
    _ entry: Entry, after previous: Term?, in writer: ReplicaID
  ) throws(Violation) {
    guard let known = written[entry.position] else {
      written[entry.position] = Written(entry: entry, previous: previous, writer: writer)
      return
    }
    let isSameHistory = known.previous == previous || known.previous == nil || previous == nil
    guard known.entry == entry, isSameHistory else {
      throw Violation(
        .logMatching,
        "replicas \(known.writer) and \(writer) both have entry \(entry.position) and differ there "
          + "or before it")
    }
  }

  private mutating func checkCommits(
    _ core: borrowing RaftCore, _ mark: inout Mark
  ) throws(Violation) {
    guard core.committed > mark.committed else { return }
    var index = max(mark.committed.next, core.firstIndex)
    mark.committed = core.committed
    while index <= core.committed {
      try noteCommit(index, core.term(at: index), by: core.id, in: core.term)
      index = index.next
    }
  }

  private mutating func noteCommit(
    _ index: LogIndex, _ term: Term?, by replica: ReplicaID, in current: Term
  ) throws(Violation) {
    let place = Int(index.rawValue) - 1
    while committed.count <= place { committed.append(nil) }
    guard let term else { return }
    guard let known = committed[place] else {
      committed[place] = Committed(term: term, knownIn: current)
      return
    }
    guard known.term == term else {
      throw Violation(
        .stateMachineSafety,
        "replica \(replica) commits an entry of term \(term) at index \(index), where one of term "
          + "\(known.term) is committed")
    }
  }

  // MARK: - States

  /// Whether it is the first state of its index.
  mutating func noteState(
    _ digest: SnapshotDigest, after index: LogIndex, of replica: ReplicaID,
    _ promise: Violation.Promise = .stateMachineSafety
  ) throws(Violation) -> Bool {
    guard index > .zero else { return false }
    let place = Int(index.rawValue) - 1
    while digests.count <= place { digests.append(nil) }
    guard let known = digests[place] else {
      digests[place] = digest
      return true
    }
    guard known == digest else {
      throw Violation(
        promise,
        "replica \(replica) has state \(digest) after index \(index), where others have \(known)")
    }
    return false
  }

  mutating func note(
    _ found: Membership, after index: LogIndex, of replica: ReplicaID
  ) throws(Violation) {
    if let known = memberships[index], known != found {
      throw Violation(
        .membershipAgreement,
        "replica \(replica) has members \(found) after index \(index), others \(known)")
    }
    memberships[index] = found
    if index >= membershipIndex {
      membership = found
      membershipIndex = index
    }
  }
}
