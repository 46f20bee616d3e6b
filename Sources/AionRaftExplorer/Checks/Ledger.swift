package import AionModel
package import AionRaft

/// What has happened in a group so far, as nobody in it knows it: who led which term, and what was
/// committed. Every replica is held against it.
package struct Ledger: Hashable, Sendable {
  /// Who led each term, from term 1 on.
  var leaders: [ReplicaID?] = []
  package var committed: [Commit] = []
  /// How far the group had committed when each read was asked for, by its number.
  private var asked: [LogIndex] = []
  private let start: LogIndex

  package struct Commit: Hashable, Sendable {
    package let entry: Entry
    /// The term in which it was first committed, at or after its own.
    let term: Term
    /// In force once this entry is applied.
    let membership: Membership
  }

  var firstMembership: Membership

  package init(_ start: SnapshotMetadata) {
    self.start = start.position.index
    firstMembership = start.membership
  }

  package var last: LogIndex { start.advanced(by: committed.count) }

  func commit(at index: LogIndex) -> Commit { committed[start.next.distance(to: index)] }

  func leader(of term: Term) -> ReplicaID? {
    let place = Int(term.rawValue) - 1
    return leaders.indices.contains(place) ? leaders[place] : nil
  }

  package func membership(at index: LogIndex) -> Membership {
    index <= start ? firstMembership : commit(at: index).membership
  }

  // MARK: - Reads

  /// Reads are asked for in the order of their numbers.
  mutating func noteRead() { asked.append(last) }

  /// A read sees everything that was committed before it was asked for.
  func check(_ answer: Output.SafeRead, of replica: ReplicaID) throws(Violation) {
    for (number, committed) in asked.enumerated() where Stimulus.readID(number) == answer.read {
      guard answer.index >= committed else {
        throw .staleRead(replica, answer.read, at: answer.index, committedBefore: committed)
      }
    }
  }

  // MARK: - Elections

  /// Election safety, and leader completeness (Raft figure 3).
  package mutating func noteLeader(_ replica: Replica) throws(Violation) {
    let core = replica.core
    guard core.roleName == .leader else { return }
    if let known = leader(of: core.term) {
      guard known == core.id else {
        throw .twoLeaders(in: core.term, first: known, second: core.id)
      }
      return
    }
    let missing = Int(core.term.rawValue) - leaders.count
    if missing > 0 { leaders.append(contentsOf: repeatElement(nil, count: missing)) }
    leaders[Int(core.term.rawValue) - 1] = core.id
    for commit in committed { try check(core, has: commit) }
  }

  private func check(_ core: RaftCore, has commit: Commit) throws(Violation) {
    let entry = commit.entry
    guard core.roleName == .leader, core.term > commit.term, entry.index >= core.firstIndex else {
      return
    }
    guard core.term(at: entry.index) == entry.term else {
      throw .leaderLacks(core.id, in: core.term, entry.position, committedIn: commit.term)
    }
  }

  // MARK: - Commits

  /// State machine safety and durability of what a replica committed after an index. One that has
  /// just crashed may have committed as a leader before that, in the same step.
  package mutating func noteCommits(
    of replica: Replica, after known: LogIndex, before: Membership, among group: [Replica],
    hasCrashed: Bool = false
  ) throws(Violation) {
    let core = replica.core
    var index = max(known, start).next
    if index < core.firstIndex { index = core.firstIndex }
    guard index <= core.committed else { return }
    let wasLast = last
    for entry in core.entries(index..<core.committed.next) {
      if entry.index <= last {
        let expected = commit(at: entry.index).entry
        guard entry == expected else {
          throw .committedDiffers(core.id, entry.position, expected.position)
        }
      } else {
        guard hasCrashed || core.roleName == .leader || replica.wasRemoved(before) else {
          throw .committedWithoutLeader(core.id, entry.index)
        }
        try noteFirstCommit(of: entry, by: replica, before: before, among: group)
      }
    }
    try checkCounted(since: wasLast, by: core)
  }

  /// Raft §5.4.2: what a leader commits by counting ends with an entry of its own term.
  private func checkCounted(since known: LogIndex, by core: RaftCore) throws(Violation) {
    guard last > known, let newest = committed.last else { return }
    guard newest.entry.term == newest.term else {
      throw .committedOldTerm(newest.entry.position, by: core.id, in: newest.term)
    }
  }

  /// Only a leader commits first, and only what a quorum could not lose. Its membership may have
  /// changed in the very step in which it committed.
  private mutating func noteFirstCommit(
    of entry: Entry, by replica: Replica, before: Membership, among group: [Replica]
  ) throws(Violation) {
    let core = replica.core
    let held = group.filter { $0.disk.holds(entry.position) }.map(\.id)
    guard before.hasQuorum(held) || core.membership.hasQuorum(held) else {
      throw .committedNotDurable(entry.position, by: core.id, in: before, held: held)
    }
    let commit = Commit(entry: entry, term: core.term, membership: membership(after: entry))
    committed.append(commit)
    for other in group { try check(other.core, has: commit) }
  }

  private func membership(after entry: Entry) -> Membership {
    let present = membership(at: last)
    guard case .configuration(let change) = entry.payload else { return present }
    return (try? present.applying(change)) ?? present
  }

  /// Applying the same entries leads to the same membership everywhere. One that came with a
  /// snapshot is in force before the snapshot is installed.
  package func checkMembership(of replica: Replica) throws(Violation) {
    let core = replica.core
    guard core.applied >= start, core.applied <= last, core.applied >= core.snapshot.position.index
    else { return }
    let expected = membership(at: core.applied)
    guard core.membership == expected else {
      throw .membershipDiffers(
        core.id, at: core.applied, found: core.membership, expected: expected)
    }
  }
}

extension Replica {
  /// A leader that a change removed or demoted has stepped down in the step that committed it.
  fileprivate func wasRemoved(_ before: Membership) -> Bool {
    before.isVoter(id) && !core.membership.isVoter(id)
  }
}

extension Membership {
  /// More than half of the voters, of both halves when joint: the plain definition.
  func hasQuorum(_ replicas: [ReplicaID]) -> Bool {
    func isMajority(of voters: [ReplicaID]) -> Bool {
      2 * voters.filter(replicas.contains).count > voters.count
    }
    return isMajority(of: voters) && (!isJoint || isMajority(of: outgoingVoters))
  }
}
