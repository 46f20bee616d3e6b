public import AionModel
import AionRaft

extension Node {
  /// What a caller hears who should ask another replica.
  var notLeader: ClusterError {
    let leader = raft.leader == raft.id ? nil : raft.leader
    let name = leader.flatMap { names[$0] }
    return .notLeader(leader: name?.node, address: name?.address)
  }

  /// A leader that leads no more cannot tell what becomes of the entries that others may have.
  mutating func note(_ change: Output.Leadership, effects: inout Effects<Machine>) {
    let before = leadership
    leadership = NodeLeadership(role: change.role, leader: change.leader, term: raft.term)
    effects.leadership = leadership
    readmitting = []
    if before.role == .leader, leadership != before { giveUpPending(effects: &effects) }
    if before.leader != leadership.leader || before.term != leadership.term {
      reads.failUnconfirmed(notLeader, into: &effects.reads)
    }
  }

  /// Tells those who wait for entries that may yet be applied, or not, just that.
  mutating func giveUpPending(effects: inout Effects<Machine>) {
    for proposal in pending.takeAll() {
      effects.replies.append(Reply(id: proposal.id, outcome: .failure(.outcomeUnknown)))
    }
    if let change = pendingMembership.take() {
      effects.membershipReplies.append(Reply(id: change.id, outcome: .failure(.outcomeUnknown)))
    }
  }

  /// Hands the leadership to another voter. Proposals are refused until it leads or an election
  /// timeout has passed; `Effects.leadership` tells that it has happened.
  ///
  /// - Throws: `notLeader`, `membershipRefused`, `busy` when it is under way already.
  public mutating func transferLeadership(
    to replica: ReplicaID, effects: inout Effects<Machine>
  ) throws(ClusterError) {
    if let fault { throw .storageFailed(path: path, reason: "\(fault)") }
    guard raft.roleName == .leader else { throw notLeader }
    if replica == raft.id { return }
    do throws(RaftRefusal) {
      try raft.step(.transferLeadership(to: replica))
    } catch {
      throw refusal(error)
    }
    advance(effects: &effects)
  }

  /// What a caller hears of a refusal by the core.
  func refusal(_ refusal: RaftRefusal) -> ClusterError {
    switch refusal {
    case .busy(_, let limit): .busy(.uncommittedBytes(limit: limit))
    case .tooManyReads(let limit): .busy(.queueFull(limit: limit))
    case .transferInProgress, .transferAlreadyRunning: .busy(.transferringLeadership)
    case .transferToLearner(let replica): .membershipRefused(.notAVoter(replica))
    case .unknownReplica(let replica): .membershipRefused(.notAMember(replica))
    default: notLeader
    }
  }
}
