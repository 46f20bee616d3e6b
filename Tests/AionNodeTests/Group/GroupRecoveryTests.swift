import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft
import Testing

@Suite("Replicas that recover from damage")
struct GroupRecoveryTests {
  /// A group whose replica 3 follows and has a snapshot and a log of some segments.
  private static func worked(_ count: Int = 3, seed: UInt64 = 42) throws -> Group {
    let group = try Group.founded(count, seed: seed)
    if group.leader?.node.identity.replica == 3 { group.lead(by: 1) }
    for number in 1...12 { #expect((try? group.propose(write(number))?.get()) != nil) }
    group.with(3) { _ = $0.node.requestSnapshot(effects: &$0.effects) }
    for number in 13...20 { #expect((try? group.propose(write(number))?.get()) != nil) }
    group.run(ticks: 3)
    #expect(group[3].status.snapshot > .zero)
    return group
  }

  private static func expectEverything(
    _ group: Group, _ comment: Comment = "", through count: Int = 20
  ) throws {
    #expect(group.ids.allSatisfy { !group.isRecovering($0) }, comment)
    #expect(group.digests.count == 1, comment)
    let state = try #require(group.leader, comment).snapshot
    #expect((0..<count).allSatisfy { state.role(named: "role-\($0 + 1)") != nil }, comment)
  }

  @Test("A bit rots at any byte of a follower's files: it says so, promises nothing, is repaired")
  func everyByte() throws {
    let base = try Self.worked()
    let disks = base.disks
    for id in base.ids { base.crash(id) }
    let paths = try #require(disks[3]).paths.filter { $0 != "/LOCK" }
    #expect(paths.count >= 6)
    var recoveries = 0
    for path in paths {
      let bytes = try #require(disks[3]?.contents(of: path))
      let end = try #require(bytes.lastIndex { $0 != 0 }) + 1
      for place in 0..<end where place < 160 || place.isMultiple(of: 7) {
        let group = Group()
        group.disks = disks.mapValues { $0.copy() }
        try group.rot(3, .byte(place, of: path))
        for id in [1, 2, 3] as [ReplicaID] { try group.reopen(id, of: 3) }
        let comment: Comment = "\(path) byte \(place)"
        let report = group[3].node.recoveryReport
        let isTold = !report.lost.isEmpty
        #expect(isTold == group.isRecovering(3), comment)
        #expect(isTold || !path.hasSuffix(".log") || report.tornTail == nil, comment)
        recoveries += isTold ? 1 : 0
        var promises = 0
        group.loses = { envelope in
          if envelope.from == 3, envelope.isRecovering, envelope.isVoting { promises += 1 }
          return false
        }
        group.settle()
        #expect(promises == 0, comment)
        try Self.expectEverything(group, comment)
        #expect((try? group.propose(write(21))?.get()) != nil, comment)
      }
    }
    #expect(recoveries > 100)
  }

  @Test("What one that rots had acknowledged is never lost: nobody is elected without it")
  func acknowledgedByTwo() throws {
    for place in [.beginning, .newestBatch] as [Group.Place] {
      for seed in UInt64(1)...10 {
        let group = try Group.founded(3, seed: seed)
        let leader = try #require(group.leader?.node.identity.replica)
        let others = group.ids.filter { $0 != leader }
        // Acknowledged by the leader and one other, which rots while the leader is gone.
        group.isolate([others[1]])
        #expect((try? group.propose(write(1))?.get()) != nil)
        try group.rot(others[0], place)
        group.crash(leader)
        group.heal()
        try group.reopen(others[0], of: 3)
        #expect(group.isRecovering(others[0]), "seed \(seed)")
        group.run(ticks: 200)
        #expect(group.leader == nil, "seed \(seed): \(others[1]) leads without write 1")
        #expect(group.isRecovering(others[0]), "seed \(seed)")
        try group.reopen(leader, of: 3)
        group.settle()
        try Self.expectEverything(group, "seed \(seed)", through: 1)
      }
    }
  }

  @Test("A vote that was forgotten is not given twice")
  func forgottenVote() throws {
    for seed in UInt64(1)...10 {
      let group = try Group.founded(3, seed: seed)
      let leader = try #require(group.leader?.node.identity.replica)
      let others = group.ids.filter { $0 != leader }
      group.crash(leader)
      // One stands and has the other's vote, which is on its way for a while.
      var held: [Envelope] = []
      group.loses = { envelope in
        guard case .raft(let message) = envelope.body, case .voteReply = message.body else {
          return false
        }
        held.append(envelope)
        return true
      }
      group.run(ticks: 40)
      let vote = try #require(held.last, "seed \(seed)")
      try group.rot(vote.from, .newestBatch)
      try group.reopen(vote.from, of: 3)
      #expect(others.contains(vote.from) && group.isRecovering(vote.from), "seed \(seed)")
      try group.reopen(leader, of: 3)
      group.crash(vote.to)
      var votes = 0
      group.loses = { envelope in
        if envelope.from == vote.from, envelope.isVoting { votes += 1 }
        return false
      }
      group.run(ticks: 100)
      #expect(votes == 0, "seed \(seed)")
      #expect(group.leader == nil, "seed \(seed)")
      try group.reopen(vote.to, of: 3)
      group.settle()
      try Self.expectEverything(group, "seed \(seed)", through: 0)
    }
  }

  @Test("Two of five rot at the same time: the others go on and repair both", arguments: 1...5)
  func twoOfFive(seed: UInt64) throws {
    let group = try Self.worked(5, seed: seed)
    let leader = try #require(group.leader?.node.identity.replica)
    let rotten = [leader, group.ids.first { $0 != leader && $0 != 3 } ?? 3]
    try group.rot(rotten[0], .beginning)
    try group.rot(rotten[1], .newestBatch)
    for id in rotten { try group.reopen(id, of: 5) }
    #expect(rotten.allSatisfy { group.isRecovering($0) })
    group.settle()
    try Self.expectEverything(group, "seed \(seed)")
    #expect((try? group.propose(write(21))?.get()) != nil)
    #expect(rotten.allSatisfy { group[$0].node.life.generation == 1 })
    #expect(rotten.allSatisfy { group[$0].recoveries == [.ended] })
  }

  @Test("It rots again before it is whole, whether or not the group has heard of it")
  func rotsAgain() throws {
    for isKnown in [false, true] {
      let group = try Self.worked()
      try group.rot(3, .newestBatch)
      try group.reopen(3, of: 3)
      // What it asks for is done, and it never hears of it.
      group.loses = { envelope in
        if !isKnown { return envelope.from == 3 || envelope.to == 3 }
        guard envelope.to == 3, case .raft(let message) = envelope.body else { return false }
        if case .append = message.body { return true }
        return false
      }
      group.run(ticks: 40)
      #expect(group.isRecovering(3))
      try group.rot(3, .beginning)
      try group.reopen(3, of: 3)
      #expect(group[3].node.life.generation == 2)
      #expect(group[3].status.recovery?.formers.count == 2)
      group.heal()
      group.settle()
      try Self.expectEverything(group, "known: \(isKnown)")
      #expect(group[3].refusals.isEmpty, "known: \(isKnown)")
    }
  }

  @Test("The power goes at any file operation while it is set aside and repaired", arguments: 1...3)
  func powerLoss(seed: UInt64) throws {
    let base = try Self.worked()
    let disks = base.disks
    for id in base.ids { base.crash(id) }
    var operations = 1
    var operation = 0
    while operation < operations {
      let group = Group()
      group.disks = disks.mapValues { $0.copy() }
      let path = try #require(disks[3]?.paths.first { $0.hasSuffix(".log") })
      try group.rot(3, seed == 1 ? .newestBatch : .byte(300, of: path))
      let disk = try #require(group.disks[3])
      for id in [1, 2] as [ReplicaID] { try group.reopen(id, of: 3) }
      group.settle()
      let before = disk.operationCount
      disk.faults.operationsBeforeCrash = operation
      do {
        try group.reopen(3, of: 3)
        group.settle()
      } catch {}
      if operation == 0 {
        let whole = Group()
        whole.disks = disks.mapValues { $0.copy() }
        try whole.rot(3, seed == 1 ? .newestBatch : .byte(300, of: path))
        for id in [1, 2] as [ReplicaID] { try whole.reopen(id, of: 3) }
        whole.settle()
        let start = try #require(whole.disks[3]).operationCount
        try whole.reopen(3, of: 3)
        whole.settle()
        operations = try #require(whole.disks[3]).operationCount - start
        #expect(operations > 30)
      }
      #expect(disk.operationCount - before <= operation)
      group.crash(3, .sectors(seed: seed &* 1_000 &+ UInt64(operation)))
      try group.reopen(3, of: 3)
      group.settle()
      try Self.expectEverything(group, "operation \(operation), seed \(seed)")
      #expect((try? group.propose(write(21))?.get()) != nil)
      operation += 1
    }
  }

  @Test("Who lags follows a leader whose new life it has not heard of, and is counted by it")
  func lagging() throws {
    let group = try Self.worked(5)
    group.lead(by: 1)
    group.isolate([5])
    try group.rot(3, .newestBatch)
    try group.reopen(3, of: 5)
    group.settle()
    #expect(!group.isRecovering(3))
    group.lead(by: 3)
    #expect(group.leader?.node.identity.replica == 3)
    for id in [1, 2] as [ReplicaID] { group.crash(id) }
    // The third of five that it needs is the one that does not know it.
    group.heal()
    group.settle()
    #expect((try? group.propose(write(21))?.get()) != nil)
    #expect(group[5].refusals.isEmpty)
    try Self.expectEverything(group, through: 21)
  }

  @Test("One that is whole again elects a leader that has not applied what makes it known")
  func electsWhoDoesNotKnowIt() throws {
    let group = try Self.worked()
    group.lead(by: 1)
    try group.rot(3, .newestBatch)
    try group.reopen(3, of: 3)
    // Replica 2 gets every entry and never hears that one is committed.
    group.loses = { envelope in
      guard envelope.to == 2, case .raft(let message) = envelope.body else { return false }
      switch message.body {
      case .append(_, _, let entries, _): return entries.isEmpty
      case .heartbeat: return true
      default: return false
      }
    }
    for _ in 0..<60 where group.isRecovering(3) {
      group.deliverAll()
      for id in [1, 3] as [ReplicaID] { group.with(id) { $0.node.tick(effects: &$0.effects) } }
    }
    #expect(!group.isRecovering(3))
    // And one entry more than replica 3, so that only it can be elected.
    group.loses = { $0.to == 3 }
    group.submit(write(21), at: 1)
    group.deliverAll()
    group.crash(1)
    group.heal()
    group.settle()
    #expect(group.leader?.node.identity.replica == 2)
    #expect((try? group.propose(write(22))?.get()) != nil)
    try Self.expectEverything(group, through: 22)
  }

  @Test("What an earlier life has sent counts for nothing, and alarms nobody")
  func lateMessages() throws {
    let group = try Self.worked()
    var late: [Envelope] = []
    group.loses = { envelope in
      if envelope.from == 3 { late.append(envelope) }
      return false
    }
    #expect((try? group.propose(write(21))?.get()) != nil)
    group.run(ticks: 3)
    try group.rot(3, .newestBatch)
    try group.reopen(3, of: 3)
    group.heal()
    group.settle()
    #expect(late.count > 3)
    let before = group[1].status.refusedEnvelopes + group[2].status.refusedEnvelopes
    group.network += late
    group.run(ticks: 3)
    let after = group[1].status.refusedEnvelopes + group[2].status.refusedEnvelopes
    #expect(after - before == late.count)
    #expect(group[3].refusals.isEmpty)
    try Self.expectEverything(group, through: 21)
  }

  @Test("A wiped replica is refused, and when its new directory rots it still is")
  func wiped() throws {
    let group = try Self.worked()
    group.wipe(3)
    try group.open(3, .join)
    group.settle()
    try group.rot(3, .beginning)
    try group.open(3, .join)
    #expect(group.isRecovering(3))
    group.run(ticks: 100)
    #expect(group.isRecovering(3))
    #expect(group[3].refusals.contains { $0.isOwn })
    #expect(group[3].status.applied == .zero)
    #expect((try? group.propose(write(21))?.get()) != nil)
  }

  @Test("The end of the log is gone without a trace: the leader's word makes it recover")
  func cutWithoutTrace() throws {
    let group = try Self.worked()
    group.crash(3)
    let disk = try #require(group.disks[3])
    let path = try #require(disk.paths.last { $0.hasSuffix(".log") })
    let bytes = try #require(disk.contents(of: path))
    disk.setContents(of: path, to: Array(bytes.prefix(128)))
    try group.reopen(3, of: 3)
    #expect(!group.isRecovering(3))
    group.settle()
    #expect(group[3].recoveries.count == 2)
    #expect(group[3].recoveries.last == .ended)
    #expect(group[3].node.life.generation == 1)
    try Self.expectEverything(group)
  }

  @Test("The entry that names it may come inside a snapshot: it asks for another one")
  func insideSnapshot() throws {
    let group = try Self.worked()
    group.lead(by: 1)
    try group.rot(3, .newestBatch)
    try group.reopen(3, of: 3)
    var isCut = false
    group.loses = { envelope in
      if envelope.isReadmission { isCut = true }
      return isCut && envelope.to == 3
    }
    group.run(ticks: 30)
    #expect(group.isRecovering(3))
    for number in 21...60 { #expect((try? group.propose(write(number))?.get()) != nil) }
    for id in [1, 2] as [ReplicaID] {
      group.with(id) { _ = $0.node.requestSnapshot(effects: &$0.effects) }
      group.with(id) { _ in }
    }
    group.heal()
    group.settle()
    #expect(group[3].installed.count == 1)
    try Self.expectEverything(group, through: 60)
    let last = group[1].status.last
    group.run(ticks: 200)
    #expect(group[1].status.last == last, "it asks no more")
  }

  @Test("A group of two has nobody to repair from: it waits, and says so")
  func groupOfTwo() throws {
    let group = try Group.founded(2)
    #expect((try? group.propose(write(1))?.get()) != nil)
    let leader = try #require(group.leader?.node.identity.replica)
    let other = try #require(group.ids.first { $0 != leader })
    try group.rot(other, .newestBatch)
    try group.reopen(other, of: 2)
    group.run(ticks: 200)
    #expect(group.isRecovering(other))
    #expect(group[other].status.recovery?.damage.contains("log/") == true)
    #expect(!group[other].node.recoveryReport.setAside.isEmpty)
    #expect((try? group.propose(write(2))?.get()) == nil)
    #expect(group[leader].snapshot.role(named: "role-1") != nil)
  }

  @Test("Its term is ahead of the leader's: the leader takes it over and can reach it")
  func termAhead() throws {
    let group = try Self.worked()
    group.lead(by: 1)
    group.isolate([3])
    let term = group[3].status.term
    for ahead in [5, 6] as [UInt64] {
      let vote = Message(
        from: 2, to: 3,
        .vote(Term(term.rawValue + ahead), last: .zero, committed: .zero, isTransfer: true))
      let envelope = Envelope(
        from: 2, to: 3, cluster: Group.cluster, incarnation: group[2].node.incarnation, .raft(vote))
      group.with(3) { $0.node.receive(envelope, effects: &$0.effects) }
    }
    try group.rot(3, .newestBatch)
    try group.reopen(3, of: 3)
    #expect(group.isRecovering(3))
    #expect(group[3].status.term == Term(term.rawValue + 5))
    group.heal()
    group.settle()
    try Self.expectEverything(group)
  }
}
