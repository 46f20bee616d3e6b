import AionModel
import AionRaft
import Testing

@Suite("Snapshots")
struct SnapshotTests {
  /// A leader whose log begins behind what replica 3 needs.
  private func groupThatNeedsSnapshot() throws -> TestGroup {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    group.isolated = [3]
    try group.propose(1, "a", "b", "c")
    group.settle()
    group.drop()
    takeSnapshot(of: 1, in: &group)
    return group
  }

  private func takeSnapshot(of id: ReplicaID, in group: inout TestGroup) {
    group[id].takeSnapshot()
    group[id].core.compact(through: group[id].core.applied)
  }

  /// Up to where the leader knows that replica 3 needs a snapshot.
  private func findOutThatSnapshotIsNeeded(_ group: inout TestGroup) throws {
    group.isolated = []
    try group.tick(1)
    for _ in 0..<2 {
      group.flush(1)
      group.deliver(to: 3)
      group.flush(3)
      group.deliver(to: 1)
    }
    #expect(try group.member(3, by: 1).phase == .installing(snapshot: 4))
  }

  private func snapshot(_ index: LogIndex, term: Term = 1) -> SnapshotMetadata {
    SnapshotMetadata(
      position: LogPosition(term: term, index: index), membership: .voters(1, 2, 3))
  }

  @Test("Raft §7: a follower that is behind the log gets a snapshot, and goes on behind it")
  func snapshotIsInstalled() throws {
    var group = try groupThatNeedsSnapshot()
    group.isolated = []
    try group.tick(1)
    group.settle()
    #expect(group[3].disk.snapshot == snapshot(4))
    #expect(group[3].core.applied == 4)
    try group.propose(1, "d")
    group.settle()
    #expect(group[3].appliedCommands == ["a", "b", "c", "d"])
  }

  @Test("Checklist 44: a snapshot at or below the commit index is acknowledged and ignored")
  func oldSnapshotIsIgnored() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.propose(1, "a", "b")
    group.settle()
    for index in LogIndex(1)..<4 {
      try group.step(2, .message(Message(from: 1, to: 2, .snapshot(1, snapshot(index)))))
      let output = group[2].core.takeOutput()
      group[2].core.persisted(through: output.receipt)
      #expect(output.snapshot == nil)
      #expect(output.messagesAfterSync.map(\.body) == [.appendReply(1, .matched(3))])
    }
    #expect(group[2].core.lastPosition.index == 3)
  }

  @Test("A snapshot of what the log already has moves the commit index and keeps the log")
  func snapshotFastForwards() throws {
    var group = try TestGroup(voters: 3)
    let entries = (LogIndex(1)..<5).map { Entry(index: $0, term: 1) }
    try group.step(
      2,
      .message(
        Message(from: 1, to: 2, .append(1, previous: .zero, entries: entries, commit: 1))))
    group.flush(2)
    try group.step(2, .message(Message(from: 1, to: 2, .snapshot(1, snapshot(3)))))
    #expect(group[2].core.committed == 3)
    #expect(group[2].core.lastPosition.index == 4)
    let output = group[2].core.takeOutput()
    #expect(output.snapshot == nil)
    #expect(output.committed.map(\.index) == [2, 3])
  }

  @Test("A snapshot that does not name this replica is not installed")
  func foreignSnapshotIsIgnored() throws {
    var group = try TestGroup(voters: 3)
    let foreign = SnapshotMetadata(
      position: LogPosition(term: 1, index: 9), membership: .voters(1, 3))
    try group.step(2, .message(Message(from: 1, to: 2, .snapshot(1, foreign))))
    #expect(group[2].core.takeOutput().snapshot == nil)
    #expect(group[2].core.membership == .voters(1, 2, 3))
  }

  @Test("Checklist 45: a follower leaves the snapshot state by any acknowledgement that suffices")
  func sufficientAcknowledgement() throws {
    var group = try groupThatNeedsSnapshot()
    try findOutThatSnapshotIsNeeded(&group)
    // One from before the log's beginning does not; one that reaches it does, snapshot or not.
    try group.step(1, .message(Message(from: 3, to: 1, .appendReply(1, .matched(2)))))
    #expect(try group.member(3, by: 1).phase == .installing(snapshot: 4))
    try group.step(1, .message(Message(from: 3, to: 1, .appendReply(1, .matched(4)))))
    #expect(try group.member(3, by: 1).phase == .replicating)
  }

  @Test("Checklist 46: after a failed delivery the follower is probed, when it is heard of again")
  func failedSnapshotIsProbed() throws {
    var group = try groupThatNeedsSnapshot()
    try findOutThatSnapshotIsNeeded(&group)
    group.flush(1)
    group.drop()
    try group.step(1, .snapshotStatus(3, delivered: false))
    #expect(try group.member(3, by: 1).phase == .probing)
    #expect(try group.member(3, by: 1).next == 2)
    #expect(!group[1].core.hasOutput, "it is not sent again at once")
    try group.propose(1, "d")
    group.flush(1)
    #expect(!group.inFlight.contains { $0.to == 3 })
    try group.tick(1)
    group.settle()
    #expect(group[3].core.lastPosition == group[1].core.lastPosition)
  }

  @Test("Checklist 46: a follower that says again that it has nothing gets one snapshot")
  func oneSnapshotAtATime() throws {
    var group = try TestGroup(voters: 2, strangers: 1)
    try group.elect(1)
    group.isolated = [3]
    try group.change(1, .addLearner(3))
    group.settle()
    group[1].takeSnapshot()
    let blank = Message(
      from: 3, to: 1, .appendReply(1, .rejected(index: 0, hint: 0, hintTerm: nil)))
    for _ in 0..<3 { try group.step(1, .message(blank)) }
    let sent = group[1].core.takeOutput().messages
    #expect(sent.count == 1)
  }

  @Test("Checklist 47: of two snapshots in quick succession the newer one counts")
  func twoSnapshots() throws {
    for order in [[5, 9], [9, 5]] as [[LogIndex]] {
      var group = try TestGroup(voters: 3)
      for index in order {
        try group.step(2, .message(Message(from: 1, to: 2, .snapshot(1, snapshot(index)))))
      }
      let output = group[2].core.takeOutput()
      #expect(output.snapshot == snapshot(9))
      group[2].core.persisted(through: output.receipt)
      #expect(group[2].core.applied == 9)
    }
  }

  @Test("Checklist 47: a newer snapshot that comes while the first is installed waits for it")
  func snapshotDuringInstallation() throws {
    var group = try TestGroup(voters: 3)
    try group.step(2, .message(Message(from: 1, to: 2, .snapshot(1, snapshot(5)))))
    let first = group[2].core.takeOutput()
    try group.step(2, .message(Message(from: 1, to: 2, .snapshot(1, snapshot(9)))))
    group[2].core.persisted(through: first.receipt)
    group[2].core.checkInvariants()
    #expect(throws: RaftRefusal.notElectable) { try group.step(2, .campaign) }
    let second = group[2].core.takeOutput()
    #expect(second.snapshot == snapshot(9))
    group[2].core.persisted(through: second.receipt)
    #expect(group[2].core.applied == 9)
    #expect(group[2].core.committed == 9)
  }

  @Test(
    "Checklist 48: a snapshot on its way pins what follows it; who is left behind gets a newer one")
  func snapshotPinsWhatItNeeds() throws {
    var group = try groupThatNeedsSnapshot()
    try findOutThatSnapshotIsNeeded(&group)
    group.flush(1)
    let snapshots = group.inFlight.filter { $0.to == 3 }
    group.drop { $0.to == 3 }
    #expect(group[1].core.oldestSnapshotOnItsWay == 4)
    // While the snapshot of index 4 travels, the leader takes a newer one.
    try group.propose(1, "d", "e")
    group.settle()
    takeSnapshot(of: 1, in: &group)
    for message in snapshots { group.hand(message) }
    group.settle()
    #expect(group[1].core.oldestSnapshotOnItsWay == nil)
    #expect(group[3].core.lastPosition == group[1].core.lastPosition)
    #expect(group[3].core.applied == group[1].core.applied)
  }

  @Test("A replica that does not know what its group began with begins with a snapshot")
  func blankReplicaBeginsWithSnapshot() throws {
    var group = try TestGroup(voters: 1, strangers: 1)
    try group.elect(1)
    try group.propose(1, "a")
    try group.change(1, .addLearner(2))
    group.settle()
    #expect(group[1].core.snapshot.position.index > 0, "the leader asked for one")
    try group.tick(1)
    group.settle()
    #expect(group[2].core.membership == Membership(voters: [1], learners: [2]))
    #expect(group[2].appliedCommands == ["a"])
  }

  @Test("A snapshot from before a replica became a member is not sent to it; a newer one is wanted")
  func snapshotNamesItsReceiver() throws {
    var group = try TestGroup(voters: 2, strangers: 1)
    try group.elect(1)
    try group.propose(1, "a")
    group.settle()
    takeSnapshot(of: 1, in: &group)
    try group.change(1, .addLearner(3))
    group.settle()
    try group.tick(1)
    group.settle()
    #expect(group[3].disk.snapshot.membership.contains(3))
    #expect(group[3].core.lastPosition == group[1].core.lastPosition)
  }

  @Test("No snapshot is sent to a follower that has not been heard of")
  func silentFollowersGetNoSnapshot() throws {
    var group = try groupThatNeedsSnapshot()
    try group.elect(2)
    takeSnapshot(of: 2, in: &group)
    try group.propose(2, "d")
    group.flush(2)
    let isSent = group.inFlight.contains {
      if case .snapshot = $0.body { return true }
      return false
    }
    #expect(!isSent)
  }

  @Test("Appends that are older than an installed snapshot are answered with the commit index")
  func lateAppendsAfterSnapshot() throws {
    var group = try TestGroup(voters: 3)
    try group.step(2, .message(Message(from: 1, to: 2, .snapshot(1, snapshot(5)))))
    group.flush(2)
    group.drop()
    let late = Message(
      from: 1, to: 2,
      .append(1, previous: .zero, entries: [Entry(index: 1, term: 1)], commit: 1))
    try group.step(2, .message(late))
    group.flush(2)
    #expect(group.inFlight.map(\.body) == [.appendReply(1, .matched(5))])
  }
}
