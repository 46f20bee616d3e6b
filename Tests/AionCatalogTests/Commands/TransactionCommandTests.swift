import AionCatalog
import AionModel
import Testing

@Suite("Commands on transactions")
struct TransactionCommandTests {
  var machine = Machine()
  let first = ShardKey(database: 1, relation: 7, shard: 0)
  let second = ShardKey(database: 1, relation: 7, shard: 1)
  let third = ShardKey(database: 1, relation: 7, shard: 2)

  init() throws {
    try machine.apply(
      .upsertShard(first, .leader("a")), .upsertShard(second, .leader("b", of: 1)))
  }

  private var write: TxnScope { .multiShardWrite(coordinator: "a", shards: [second, first]) }

  private func named(_ keys: ShardKey...) -> [TxnParticipant] {
    keys.map { TxnParticipant(shard: $0) }
  }

  @Test("Every transaction gets an id of its own and moves no version")
  mutating func begin() throws {
    let scopes: [TxnScope] = [
      .local, .singleShard(third), .readOnlyMultiShard(snapshot: 5, shards: [first]), write,
    ]
    for (number, scope) in scopes.enumerated() {
      #expect(try machine.bumps(of: .beginTxn(scope)) == .state)
      let id = TxnID(UInt64(number + 1))
      #expect(machine.snapshot.record(id) == TxnRecord(id: id, scope: scope))
    }
    #expect(machine.snapshot.undecided().map(\.id) == [1, 2, 3, 4])
  }

  @Test("A scope without shards, with one twice or with too many is refused")
  mutating func invalidScopes() {
    func refusals(_ shards: [ShardKey]) -> [ClusterError?] {
      [
        machine.refusal(of: .beginTxn(.readOnlyMultiShard(snapshot: 1, shards: shards))),
        machine.refusal(of: .beginTxn(.multiShardWrite(coordinator: "a", shards: shards))),
        machine.refusal(of: .allocateReadSnapshot(shards)),
      ]
    }
    #expect(Set(refusals([])) == [.invalidScope(.noShards)])
    #expect(
      Set(refusals([first, second, first])) == [.invalidScope(.duplicateShard(first))])
    let limit = Limits.shardsPerTransaction
    let many = (0...limit).map {
      ShardKey(database: 1, relation: 7, shard: ShardID(UInt32($0)))
    }
    #expect(
      Set(refusals(many))
        == [.limitExceeded(.shardsPerTransaction, asked: limit + 1, allowed: limit)])
    #expect(throws: Never.self) {
      try machine.apply(.allocateReadSnapshot(Array(many.dropLast())))
    }
  }

  @Test("A read snapshot is the index of its allocation, and leaves no trace")
  mutating func readSnapshot() throws {
    #expect(try machine.bumps(of: .allocateReadSnapshot([first])) == .nothing)
    let applied = try machine.apply(.allocateReadSnapshot([first]))
    #expect(applied.outcomes == [.allocated(SnapshotTimestamp(applied.index))])
  }

  @Test("Preparing remembers each participant with its leader, in shard order, once")
  mutating func prepare() throws {
    try machine.apply(.beginTxn(write))
    #expect(try machine.bumps(of: .prepareTxn(1, participants: named(second, first))) == .state)
    let record = try #require(machine.snapshot.record(1))
    #expect(record.status == .prepared)
    #expect(
      record.participants == [
        TxnParticipant(shard: first, leader: "a"), TxnParticipant(shard: second, leader: "b"),
      ])
    let same = [
      TxnParticipant(shard: first, leader: "a"), TxnParticipant(shard: second, leader: nil),
    ]
    #expect(try machine.bumps(of: .prepareTxn(1, participants: same)) == .nothing)
    #expect(
      machine.refusal(of: .prepareTxn(1, participants: named(first)))
        == .transactionNotActive(1, .prepared))
    let other = [TxnParticipant(shard: first, leader: "z"), TxnParticipant(shard: second)]
    #expect(
      machine.refusal(of: .prepareTxn(1, participants: other))
        == .transactionNotActive(1, .prepared))
  }

  @Test("The participants are the shards of the scope, each once")
  mutating func participants() throws {
    try machine.apply(.beginTxn(write), .beginTxn(.local), .beginTxn(.singleShard(first)))
    #expect(
      machine.refusal(of: .prepareTxn(9, participants: [])) == .unknownTransaction(9))
    #expect(
      machine.refusal(of: .prepareTxn(1, participants: named(first)))
        == .participantsOutsideScope(1, nil))
    #expect(
      machine.refusal(of: .prepareTxn(1, participants: named(first, second, third)))
        == .participantsOutsideScope(1, third))
    #expect(
      machine.refusal(of: .prepareTxn(1, participants: named(first, first)))
        == .participantsOutsideScope(1, first))
    #expect(
      machine.refusal(of: .prepareTxn(2, participants: named(first)))
        == .participantsOutsideScope(2, first))
    try machine.apply(.prepareTxn(2, participants: []))
    try machine.apply(.prepareTxn(3, participants: named(first)))
  }

  @Test("A participant's leader is the catalog's, or the caller's for a shard it does not know")
  mutating func leaders() throws {
    try machine.apply(
      .beginTxn(.singleShard(first)), .beginTxn(.singleShard(third)))
    #expect(
      machine.refusal(
        of: .prepareTxn(1, participants: [TxnParticipant(shard: first, leader: "b")]))
        == .staleLeader(first, claimed: "b", current: "a"))
    #expect(
      machine.refusal(of: .prepareTxn(2, participants: named(third)))
        == .participantWithoutLeader(2, third))
    let claimed = [TxnParticipant(shard: third, leader: "z")]
    try machine.apply(.prepareTxn(2, participants: claimed))
    #expect(machine.snapshot.record(2)?.participants == claimed)
  }

  @Test("A decision is taken once; the same again answers with its timestamp")
  mutating func decide() throws {
    try machine.apply(.beginTxn(write))
    try machine.apply(.prepareTxn(1, participants: named(first, second)))
    #expect(try machine.bumps(of: .decideTxn(1, .commit)) == .state)
    let decidedAt = SnapshotTimestamp(machine.snapshot.applied)
    #expect(machine.snapshot.record(1)?.status == .committed)
    #expect(machine.snapshot.record(1)?.decidedAt == decidedAt)
    #expect(try machine.bumps(of: .decideTxn(1, .commit)) == .nothing)
    #expect(try machine.apply(.decideTxn(1, .commit)).outcomes == [.decided(decidedAt)])
    #expect(
      machine.refusal(of: .decideTxn(1, .abort))
        == .alreadyDecided(1, recorded: .commit, asked: .abort))
    #expect(
      machine.refusal(of: .prepareTxn(1, participants: named(first, second)))
        == .transactionNotActive(1, .committed))
    #expect(machine.snapshot.undecided().isEmpty)
  }

  @Test("A write of several shards commits only when prepared, and aborts at any time")
  mutating func commitUnprepared() throws {
    try machine.apply(.beginTxn(write), .beginTxn(.local), .beginTxn(.singleShard(first)))
    #expect(machine.refusal(of: .decideTxn(1, .commit)) == .notPrepared(1))
    try machine.apply(.decideTxn(1, .abort))
    try machine.apply(.decideTxn(2, .commit), .decideTxn(3, .commit))
    #expect(
      machine.snapshot.transactions().map(\.status) == [.aborted, .committed, .committed])
    #expect(machine.refusal(of: .decideTxn(9, .commit)) == .unknownTransaction(9))
  }

  @Test("A decided transaction can be forgotten; its id is not given again")
  mutating func forget() throws {
    try machine.apply(.beginTxn(.local))
    #expect(machine.refusal(of: .forgetTxn(1)) == .notDecided(1))
    try machine.apply(.decideTxn(1, .abort))
    #expect(try machine.bumps(of: .forgetTxn(1)) == .state)
    #expect(machine.snapshot.record(1) == nil)
    #expect(machine.refusal(of: .forgetTxn(1)) == .unknownTransaction(1))
    #expect(try machine.apply(.beginTxn(.local)).outcomes == [.began(2)])
  }
}
