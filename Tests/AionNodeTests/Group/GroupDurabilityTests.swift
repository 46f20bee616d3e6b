import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft
import Testing

@Suite("A group whose disks fail")
struct GroupDurabilityTests {
  @Test("The leader crashes after any file operation: nothing acknowledged is lost")
  func leaderCrashes() throws {
    let counting = try Self.run(crashAt: nil)
    #expect(counting.operations > 50)
    for operation in 0..<counting.operations { _ = try Self.run(crashAt: operation) }
  }

  private static func run(crashAt: Int?) throws -> (operations: Int, acknowledged: Int) {
    let group = try Group.founded(3)
    let leader = try #require(group.leader?.node.identity.replica)
    let disk = try #require(group.disks[leader])
    let before = disk.operationCount
    disk.faults.operationsBeforeCrash = crashAt.map { before + $0 }
    var acknowledged: [Int] = []
    for number in 1...25 where group[leader].status.fault == nil {
      guard group.leader?.node.identity.replica == leader else { break }
      if (try? group.propose(write(number))?.get()) != nil { acknowledged.append(number) }
      if number == 15 {
        group.with(leader) { _ = $0.node.requestSnapshot(effects: &$0.effects) }
        group.with(leader) { _ in }
      }
    }
    let operations = disk.operationCount - before
    guard let crashAt else { return (operations, acknowledged.count) }
    group.crash(leader, .sectors(seed: UInt64(crashAt)))
    group.settle()
    let next = try #require(group.leader, "crash after operation \(crashAt)")
    for number in acknowledged {
      #expect(
        next.snapshot.role(named: "role-\(number)") != nil,
        "write \(number) is lost, crash after operation \(crashAt)")
    }
    #expect((try? group.propose(write(99))?.get()) != nil)
    try group.open(leader, .bootstrap([1, 2, 3]))
    group.settle()
    #expect(group.digests.count == 1, "crash after operation \(crashAt)")
    return (operations, acknowledged.count)
  }

  @Test("A leader without room steps down, its writers are told, and another one leads")
  func fullLeader() throws {
    let group = try Group.founded(3)
    let old = try #require(group.leader?.node.identity.replica)
    group.disks[old]?.faults.capacity = .zero
    var number = 0
    var outcome: Member.Outcome?
    while group[old].status.role == .leader, number < 1_000 {
      number += 1
      let name = group.submit(write(number), at: old)
      group.run(ticks: 3)
      outcome = group[old].outcomes[name]
    }
    #expect(number < 1_000)
    // It was sent before there turned out to be no room for it.
    #expect(outcome == .failure(.outcomeUnknown))
    group.settle()
    let leader = try #require(group.leader)
    #expect(leader.node.identity.replica != old)
    #expect((try? group.propose(write(2_000))?.get()) != nil)
    group.disks[old]?.faults.capacity = nil
    group.settle()
    #expect(group.digests.count == 1)
  }

  @Test("Entries that replace others and find no room are not counted as written")
  func fullFollower() throws {
    var options = NodeOptions.grouped
    options.log.preallocation = .zero
    let group = try Group.founded(3, options: options)
    let old = try #require(group.leader?.node.identity.replica)
    group.isolate([old])
    group.submit(write(1), at: old)
    let lost = group[old].node.core.lastPosition
    group.settle()
    group.network = []
    #expect((try? group.propose(write(2))?.get()) != nil)
    let used = group.disks[old].map { disk in
      disk.paths.reduce(0) { $0 + (disk.contents(of: $1)?.count ?? 0) }
    }
    group.disks[old]?.faults.capacity = used.map { ByteCount($0) }
    group.heal()
    group.settle()
    #expect(group[old].status.fault == nil)
    #expect(group[old].status.isDiskFull)
    #expect(group[old].node.core.lastPosition <= lost)
    #expect(group[old].node.core.lastPosition.term <= lost.term)
    group.disks[old]?.faults.capacity = nil
    group.settle()
    #expect(group.digests.count == 1)
  }

  @Test("Entries leave before the leader's own sync, acknowledgements only after the follower's")
  func sendsBeforeSync() throws {
    let group = try Group.founded(3)
    let leader = try #require(group.leader?.node.identity.replica)
    let before = try #require(group.disks[leader]).operationCount
    let earlier = group[leader].early.sent.count
    group.submit(write(1), at: leader)
    let sent = group[leader].early.sent.dropFirst(earlier)
    #expect(sent.count { $0.envelope.carriesEntries } == 2)
    #expect(sent.allSatisfy { $0.operations == before }, "the disk had not begun")
    #expect(try #require(group.disks[leader]).operationCount > before)
    group.run(ticks: 5)
    let followers = group.ids.filter { $0 != leader }
    let done = followers.map { group.disks[$0]?.operationCount ?? 0 }
    let early = followers.map { group[$0].early.sent.count }
    group.submit(write(2), at: leader)
    group.run(ticks: 5)
    for (place, id) in followers.enumerated() {
      // With the second write comes what was committed: it is acknowledged before that is applied.
      let acknowledgements = group[id].early.sent.dropFirst(early[place])
        .filter(\.envelope.isAcknowledgement)
      #expect(!acknowledgements.isEmpty, "replica \(id)")
      for acknowledgement in acknowledgements {
        #expect(acknowledgement.operations > done[place] && acknowledgement.isSynced)
      }
    }
  }

  @Test("A follower takes several messages with one sync")
  func receivesTogether() throws {
    let group = try Group.founded(3)
    let leader = try #require(group.leader?.node.identity.replica)
    let follower = try #require(group.ids.first { $0 != leader })
    group.run(ticks: 2)
    for number in 1...10 { group.submit(write(number), at: leader) }
    let envelopes = group.network.filter { $0.to == follower }
    #expect(envelopes.count == 10)
    let before = group[follower].status.syncedBatches
    group.with(follower) { $0.node.receive(envelopes, effects: &$0.effects) }
    #expect(group[follower].status.syncedBatches == before + 1)
    #expect(group[follower].status.last == group[leader].status.last)
  }

  @Test("A commit that was kept back for writes to come is told when none are proposed")
  func tellsCommitAlone() throws {
    let group = try Group.founded(3)
    let leader = try #require(group.leader?.node.identity.replica)
    group.run(ticks: 2)
    group.submit(write(1), at: leader)
    let entries = group.network
    group.network = []
    for envelope in entries {
      group.with(envelope.to) { $0.node.receive(envelope, effects: &$0.effects) }
    }
    let acknowledgements = group.network
    group.network = []
    group.with(leader) {
      $0.node.receive(acknowledgements, writesFollow: true, effects: &$0.effects)
    }
    let last = group[leader].status.last
    #expect(group[leader].status.applied == last)
    let toldEarly = group.network.contains { envelope in
      guard case .raft(let message) = envelope.body,
        case .append(_, _, _, let commit) = message.body
      else { return false }
      return commit == last
    }
    #expect(!toldEarly, "it is kept back")
    group.with(leader) { $0.node.propose([], from: 1, at: .epoch, effects: &$0.effects) }
    group.deliverAll()
    for id in group.ids { #expect(group[id].status.committed == last) }
  }

  @Test("A follower without room, or whose sync fails, acknowledges nothing; the others go on")
  func badFollower() throws {
    let group = try Group.founded(3)
    let leader = try #require(group.leader?.node.identity.replica)
    let others = group.ids.filter { $0 != leader }
    group.disks[others[0]]?.faults.failsSync = true
    #expect((try? group.propose(write(1))?.get()) != nil)
    #expect(group[others[0]].status.fault != nil)
    group.network.removeAll()
    group.tick()
    #expect(!group.network.contains { $0.from == others[0] }, "it stays silent")
    group.crash(others[1])
    // Two of three are gone: nothing may be acknowledged.
    #expect((try? group.propose(write(2))?.get()) == nil)
  }

  @Test("A follower without room for what replaces its last entries acknowledges none of it")
  func noRoomToReplace() throws {
    let group = try Group.founded(3)
    let old = try #require(group.leader?.node.identity.replica)
    group.isolate([old])
    for number in 1...3 { group.submit(write(number), at: old) }
    let position = group[old].status.last
    group.run(ticks: 60)
    let leader = try #require(group.leader?.node.identity.replica)
    for number in 4...400 { group.submit(write(number), at: leader) }
    group.run(ticks: 3)
    #expect(group[leader].snapshot.roles().count == 397)
    let common = LogIndex(position.rawValue - 3)
    group.disks[old]?.faults.capacity = .zero
    var acknowledged = LogIndex.zero
    group.loses = { envelope in
      if envelope.from == old, case .raft(let message) = envelope.body,
        case .appendReply(_, .matched(let index)) = message.body
      {
        acknowledged = max(acknowledged, index)
      }
      return false
    }
    group.run(ticks: 60)
    #expect(group[old].status.isDiskFull)
    #expect(group[old].status.fault == nil)
    #expect(acknowledged <= common, "\(acknowledged), of which nothing after \(common) is written")
    group.disks[old]?.faults.capacity = nil
    group.settle()
    #expect(group.digests.count == 1)
  }

  @Test("A failed sync ends a leader: it stays silent and another one leads")
  func failedLeader() throws {
    let group = try Group.founded(3)
    let old = try #require(group.leader?.node.identity.replica)
    group.disks[old]?.faults.failsSync = true
    let name = group.submit(write(1), at: old)
    guard case .failure(.storageFailed)? = group[old].outcomes[name] else {
      Issue.record("\(String(describing: group[old].outcomes[name]))")
      return
    }
    group.settle()
    #expect(group.leader?.node.identity.replica != old)
    #expect((try? group.propose(write(2))?.get()) != nil)
  }
}

extension Envelope {
  fileprivate var carriesEntries: Bool {
    guard case .raft(let message) = body, case .append(_, _, let entries, _) = message.body else {
      return false
    }
    return !entries.isEmpty
  }

  fileprivate var isAcknowledgement: Bool {
    guard case .raft(let message) = body, case .appendReply = message.body else { return false }
    return true
  }
}
