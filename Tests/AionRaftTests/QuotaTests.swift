import AionModel
import AionRaft
import Testing

@Suite("Quotas are given back")
struct QuotaTests {
  @Test("A snapshot that replaces entries on their way to be applied frees their share")
  func snapshotFreesApplying() throws {
    var options = RaftOptions()
    options.maximumApplyingSize = 1
    let membership = Membership(voters: [1, 2])
    func state(_ index: LogIndex) -> SnapshotMetadata {
      SnapshotMetadata(position: LogPosition(term: 1, index: index), membership: membership)
    }
    func entry(_ index: LogIndex) -> Entry {
      Entry(index: index, term: 1, payload: .command([1, 2, 3]))
    }
    var core = try RaftCore(id: 2, options: options, seed: 1, snapshot: state(2))
    func append(_ index: LogIndex) throws {
      let previous = LogPosition(term: 1, index: index.previous)
      let body = Message.Body.append(
        1, previous: previous, entries: [entry(index)], commit: index)
      try core.step(.message(Message(from: 1, to: 2, body)))
    }
    try append(3)
    let applying = core.takeOutput()
    #expect(applying.committed == [entry(3)])
    try core.step(.message(Message(from: 1, to: 2, .snapshot(1, state(10)))))
    core.persisted(through: applying.receipt)
    core.applied(through: 3)
    let installing = core.takeOutput()
    core.persisted(through: installing.receipt)
    #expect(core.applied == 10)
    try append(11)
    #expect(core.takeOutput().committed == [entry(11)])
  }

  @Test("A refused membership change, which became an empty entry, holds nothing")
  func refusedChangeHoldsNothing() throws {
    var replica = try Replica(1, members: .voters(1))
    try replica.core.step(.campaign)
    #expect(replica.settle().isEmpty)
    // It would leave no voter.
    try replica.core.step(.proposeConfiguration(ConfigurationChange(steps: [.remove(1)])))
    #expect(replica.core.status.uncommittedSize == .zero)
    #expect(replica.settle().isEmpty)
    #expect(replica.core.status.uncommittedSize == .zero)
  }
}
