import AionCatalog
import AionModel
import Testing

@Suite("The state machine against a slow, obvious one")
struct ReferenceTests {
  #if DEBUG
    static let seeds = 0..<20 as Range<UInt64>
  #else
    static let seeds = 0..<200 as Range<UInt64>
  #endif

  @Test("Both answer and hold the same after every batch of a random run", arguments: seeds)
  func randomRun(seed: UInt64) {
    var generator = CommandGenerator(seed: seed)
    var state = ClusterState()
    var reference = ReferenceCluster()
    for index in 1...600 as ClosedRange<UInt64> {
      let batch = generator.batch()
      let answer = state.apply(batch, at: LogIndex(index))
      let expected = reference.apply(batch, at: index)
      let context = "seed \(seed), index \(index), \(batch): swift test --filter ReferenceTests"
      guard answer == expected, isEqual(state.snapshot, reference) else {
        Issue.record("\(answer) instead of \(expected); \(context)")
        return
      }
      if index % 20 == 0 { expectSameRouting(state.snapshot, reference, context) }
    }
  }

  private func isEqual(_ snapshot: ClusterSnapshot, _ reference: ReferenceCluster) -> Bool {
    snapshot.catalogVersion == reference.catalogVersion
      && snapshot.placementEpoch == reference.placementEpoch
      && snapshot.databases() == reference.databases.sorted { $0.id < $1.id }
      && Set(snapshot.roles()) == Set(reference.roles)
      && snapshot.roles().count == reference.roles.count
      && snapshot.nodes() == reference.nodes
      && Array(snapshot.shards()) == reference.shards
      && snapshot.transactions() == reference.txns
      && snapshot.undecided() == reference.txns.filter { $0.decision == nil }
      && hasSameSessions(snapshot, reference)
  }

  private func hasSameSessions(_ snapshot: ClusterSnapshot, _ reference: ReferenceCluster) -> Bool {
    let sessions = snapshot.sessions()
    return sessions.count == reference.sessions.count
      && zip(sessions, reference.sessions).allSatisfy { session, expected in
        let outcomes = snapshot.outcomes(of: session.id)
        return session.id == expected.id && session.lastUsed.rawValue == expected.lastUsed
          && session.answeredBelow == expected.answeredBelow
          && outcomes.count == expected.outcomes.count
          && outcomes.allSatisfy { expected.outcomes[$0.sequence] == $0.outcome }
      }
  }

  @Test(
    "Both end the same sessions when there are too many", arguments: 0..<3 as Range<UInt64>)
  func tooManySessions(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var state = ClusterState()
    var reference = ReferenceCluster()
    func session() -> SessionID { SessionID(.random(in: 0..<16_500, using: &generator)) }
    for index in 1...400 as ClosedRange<UInt64> {
      var batch = CommandBatch(.openSession)
      switch index % 5 {
      case 0: batch = CommandBatch(.closeSession(session()))
      case 1, 2:
        batch = CommandBatch(.beginTxn(.local))
        batch.stamp = SessionStamp(session: session(), sequence: 1, answeredBelow: 1)
      default: break
      }
      if index == 1 {
        batch = CommandBatch([Command](repeating: .openSession, count: Limits.sessions - 50))
      }
      let context = "seed \(seed), index \(index), \(batch): swift test --filter ReferenceTests"
      let answer = state.apply(batch, at: LogIndex(index))
      let expected = reference.apply(batch, at: index)
      #expect(answer == expected, "\(context)")
      if index % 100 == 0 {
        let isSame = hasSameSessions(state.snapshot, reference)
        #expect(isSame, "\(context)")
      }
    }
    #expect(reference.lastSession > Limits.sessions + 50)
    #expect(state.snapshot.sessions().count >= Limits.sessions - 1)
  }

  private func expectSameRouting(
    _ snapshot: ClusterSnapshot, _ reference: ReferenceCluster, _ context: String
  ) {
    for shard in reference.shards {
      let leader = Answer { () throws(ClusterError) in try reference.leader(of: shard) }
      let asked = Answer { () throws(ClusterError) in try snapshot.leader(of: .key(shard.key)) }
      #expect(asked == leader, "\(shard.key), \(context)")
      let homonyms = reference.shards.filter { $0.key.shard == shard.key.shard }
      if homonyms.count == 1 {
        let byID = Answer { () throws(ClusterError) in
          try snapshot.leader(of: .id(shard.key.shard))
        }
        #expect(byID == leader, "\(shard.key), \(context)")
      } else {
        #expect(throws: ClusterError.self) { try snapshot.leader(of: .id(shard.key.shard)) }
      }
      #expect(
        snapshot.shards(of: shard.key.table)
          == reference.shards.filter { $0.key.table == shard.key.table }, "\(context)")
      #expect(
        snapshot.shards(in: shard.key.database)
          == reference.shards.filter { $0.key.database == shard.key.database }, "\(context)")
    }
    for node in reference.nodes {
      let replicas = reference.shards.flatMap(\.placements).filter { $0.node == node.id }
      #expect(snapshot.placementCount(on: node.id) == replicas.count, "\(node.id), \(context)")
      #expect(
        snapshot.replicaCounts(on: node.id)
          == ReplicaCounts(
            leaders: replicas.count { $0.role == .leader },
            followers: replicas.count { $0.role == .follower },
            learners: replicas.count { $0.role == .learner }), "\(node.id), \(context)")
    }
    let hosts = Set(reference.shards.flatMap(\.placements).map(\.node)).sorted()
    #expect(snapshot.replicaCounts().map(\.node) == hosts, "\(context)")
  }
}

extension ReferenceCluster {
  fileprivate func leader(of shard: ShardDescriptor) throws(ClusterError) -> ShardPlacement? {
    let leader = shard.placements.first { $0.role == .leader }
    if let leader, !isLive(leader.node) { throw .leaderDown(shard.key, leader: leader.node) }
    let voters = shard.placements.filter { $0.role != .learner }
    let live = voters.count { isLive($0.node) }
    if 2 * live <= voters.count {
      throw .quorumLost(shard.key, liveVoters: live, voters: voters.count)
    }
    return leader
  }
}

/// What a read gave, to compare by.
private enum Answer: Equatable {
  case leader(ShardPlacement?)
  case refused(ClusterError)

  init(_ read: () throws(ClusterError) -> ShardPlacement?) {
    do throws(ClusterError) {
      self = .leader(try read())
    } catch {
      self = .refused(error)
    }
  }
}
