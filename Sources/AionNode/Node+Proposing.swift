import AionCatalog
public import AionModel
import AionRaft

extension Node {
  /// Proposes what was submitted, in order, as one log batch for each `batchSize` of it, and does
  /// everything that follows from it.
  ///
  /// - Parameter now: The proposer's wall clock; entries carry it for people.
  public mutating func propose(
    _ submissions: [Submission<Ticket>], at now: WallTime, effects: inout Effects<Ticket>
  ) {
    var rest = submissions[...]
    while !rest.isEmpty {
      let chunk = takeChunk(of: &rest)
      do throws(ClusterError) {
        try propose(chunk, at: now, effects: &effects)
      } catch {
        for submission in chunk { effects.replies.append(.refusal(error, to: submission.ticket)) }
      }
      advance(effects: &effects)
    }
  }

  private func takeChunk(
    of rest: inout ArraySlice<Submission<Ticket>>
  ) -> ArraySlice<Submission<Ticket>> {
    var size = ByteCount.zero
    let end = rest.firstIndex { submission in
      size += ByteCount(submission.encoded.count)
      return size > options.batchSize
    }
    let count = max(1, (end ?? rest.endIndex) - rest.startIndex)
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  private mutating func propose(
    _ chunk: ArraySlice<Submission<Ticket>>, at now: WallTime, effects: inout Effects<Ticket>
  ) throws(ClusterError) {
    try requireWritable(effects: &effects)
    let proposals = chunk.map { Proposal.command($0.encoded, proposedAt: now) }
    let acceptance: Acceptance
    do throws(RaftRefusal) {
      acceptance = try raft.propose(proposals)
    } catch {
      throw ClusterError(error)
    }
    guard case .appended(let term, let indices, _) = acceptance else {
      throw .notLeader(leader: nil, address: nil)
    }
    for (index, submission) in zip(indices, chunk) {
      pending.append(
        PendingProposals.Proposal(
          position: LogPosition(term: term, index: index), batch: submission.batch,
          ticket: submission.ticket))
    }
  }

  /// After a full disk a lone voter has to lead again before it can propose; that needs room too.
  private mutating func requireWritable(effects: inout Effects<Ticket>) throws(ClusterError) {
    if raft.leader == nil {
      campaignIfAlone()
      advance(effects: &effects)
    }
    if let fault { throw .storageFailed(path: path, reason: "\(fault)") }
    if isDiskFull { throw .diskFull(path: path) }
  }
}

extension ClusterError {
  /// What a caller hears of a refusal by raft.
  fileprivate init(_ refusal: RaftRefusal) {
    self =
      switch refusal {
      case .busy(_, let limit): .busy(.uncommittedBytes(limit: limit))
      case .transferInProgress: .busy(.transferringLeadership)
      // Names and addresses of other replicas come with the network.
      default: .notLeader(leader: nil, address: nil)
      }
  }
}
