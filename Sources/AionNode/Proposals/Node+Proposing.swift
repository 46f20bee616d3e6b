import AionCatalog
public import AionModel
import AionRaft

extension Node {
  /// Proposes what was submitted, in order, as one log batch for each `batchSize` of it, and does
  /// everything that follows from it.
  ///
  /// A replica that does not lead refuses with the leader's name (`names`) and passes nothing on: a
  /// proposal that was passed on and lost could not be told from one that was made, and its
  /// proposer would not learn at which index it was applied. Of entries that wait when the
  /// leadership is lost the reply is `outcomeUnknown`.
  ///
  /// - Parameters:
  ///   - first: Names the first submission; the others take the ids that follow.
  ///   - now: The proposer's wall clock; entries carry it for people.
  @_specialize(kind:partial,where Machine == ClusterState)
  public mutating func propose(
    _ submissions: [Submission<Machine.Command>], from first: SubmissionID, at now: WallTime,
    effects: inout Effects<Machine>
  ) {
    var rest = submissions[...]
    while !rest.isEmpty {
      let chunk = takeChunk(of: &rest)
      let chunkID = SubmissionID(first.rawValue + UInt64(chunk.startIndex))
      do throws(ClusterError) {
        try propose(chunk, from: chunkID, at: now, effects: &effects)
      } catch {
        refuse(chunk.count, from: chunkID, error, effects: &effects)
      }
      raft.tellCommit()
      advance(effects: &effects)
    }
    guard submissions.isEmpty else { return }
    raft.tellCommit()
    if raft.hasOutput { advance(effects: &effects) }
  }

  @_specialize(kind:partial,where Machine == ClusterState)
  private func takeChunk(
    of rest: inout ArraySlice<Submission<Machine.Command>>
  ) -> ArraySlice<Submission<Machine.Command>> {
    var size = 0
    var count = 0
    for submission in rest {
      size += submission.encoded.count
      if size > options.batchSize.bytes, count > 0 { break }
      count += 1
    }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  @_specialize(kind:partial,where Machine == ClusterState)
  private mutating func propose(
    _ chunk: ArraySlice<Submission<Machine.Command>>, from first: SubmissionID, at now: WallTime,
    effects: inout Effects<Machine>
  ) throws(ClusterError) {
    try requireWritable(effects: &effects)
    let proposals = chunk.map { Proposal.command($0.encoded, proposedAt: now) }
    let acceptance: Acceptance
    do throws(RaftRefusal) {
      acceptance = try raft.propose(proposals)
    } catch {
      throw refusal(error)
    }
    guard case .appended(let term, let indices, _) = acceptance else {
      throw notLeader
    }
    var position = LogPosition(term: term, index: indices.lowerBound)
    var id = first
    for submission in chunk {
      pending.append(.init(position: position, command: submission.command, id: id))
      position.index = position.index.next
      id.rawValue += 1
    }
  }

  private func refuse(
    _ count: Int, from first: SubmissionID, _ error: ClusterError, effects: inout Effects<Machine>
  ) {
    for offset in 0..<UInt64(count) {
      effects.replies.append(
        Reply(id: SubmissionID(first.rawValue + offset), outcome: .failure(error)))
    }
  }

  /// After a full disk a lone voter has to lead again before it can propose; that needs room too.
  mutating func requireWritable(effects: inout Effects<Machine>) throws(ClusterError) {
    if raft.leader == nil {
      campaignIfAlone()
      advance(effects: &effects)
    }
    if let fault { throw .storageFailed(path: path, reason: "\(fault)") }
    if isDiskFull { throw .diskFull(path: path) }
  }
}
