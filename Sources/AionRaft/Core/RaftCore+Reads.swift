import AionModel

// Linearizable reads without the log: thesis §6.4.

extension RaftCore {
  /// Asks for the index that a read must wait for, of the leader if this replica is none.
  mutating func requestRead(_ read: ReadID) throws(RaftRefusal) {
    try requestRead(read, for: id)
  }

  mutating func requestRead(_ read: ReadID, for origin: ReplicaID) throws(RaftRefusal) {
    switch role {
    case .preCandidate, .candidate, .follower(leader: nil): throw .noLeader(term)
    case .follower(let leader?):
      messages.append(Message(from: origin, to: leader, .readIndex(read)))
    case .leader(let leader):
      let request = ReadQueue.Request(read: read, origin: origin)
      if options.readMode == .lease, let target = leader.transfer {
        throw .transferInProgress(to: target)
      }
      guard leader.reads.count < options.maximumWaitingReads else {
        throw .tooManyReads(limit: options.maximumWaitingReads)
      }
      serve(request)
    }
  }

  /// A new leader does not know how far its predecessors had committed, a lone one that was
  /// restarted neither: reads wait for the first commit of the term.
  private mutating func serve(_ request: ReadQueue.Request) {
    guard hasCommittedInTerm else {
      updateLeader { $0.reads.postpone(request) }
      return
    }
    let isAlone = membership.voters == [id] && !membership.isJoint
    guard !isAlone, options.readMode == .safe else { return answer(request, at: log.committed) }
    let index = log.committed
    let round = updateLeader { [id] leader -> ReadRound in
      let round = leader.reads.add(request, at: index)
      leader.reads.answer(from: id, round: round)
      return round
    }
    broadcastHeartbeat(round)
  }

  mutating func releasePostponedReads() {
    guard hasCommittedInTerm else { return }
    for request in updateLeader({ $0.reads.takePostponed() }) ?? [] { serve(request) }
  }

  /// A follower took part in a round: it knew of no later leader after the round began.
  mutating func confirm(_ round: ReadRound, by follower: ReplicaID) {
    let quorum = membership.quorum
    let confirmed = updateLeader { leader -> [ReadQueue.Confirmed] in
      leader.reads.answer(from: follower, round: round)
      let result = quorum.result { voter in
        leader.reads.answered(voter) >= round.rawValue ? true : nil
      }
      return result == .won ? leader.reads.takeConfirmed(through: round.rawValue) : []
    }
    for read in confirmed ?? [] { answer(read.request, at: read.index) }
  }

  private mutating func answer(_ request: ReadQueue.Request, at index: LogIndex) {
    if request.origin == id {
      takeRead(request.read, at: index)
    } else {
      send(.readIndexReply(term, request.read, index: index), to: request.origin)
    }
  }

  mutating func takeRead(_ read: ReadID, at index: LogIndex) {
    reads.append(Output.SafeRead(read: read, index: index))
  }
}
