import AionLog
import AionModel
import AionRaft

extension Node {
  /// Where the log is, for messages.
  public var path: String { log.path }

  /// Takes note of a log fault: a full disk passes, everything else ends the writing for good.
  ///
  /// - Parameter output: What was being written. Of its entries, those that nobody has seen are
  ///   gone after a full disk. Of all others there may be copies elsewhere.
  mutating func fail(
    _ fault: LogFault, writing output: Output, effects: inout Effects<Machine>
  ) {
    guard case .diskFull(let path) = fault else { return fail(.log(fault), effects: &effects) }
    isDiskFull = true
    let first = output.entries.first?.index
    if let first, output.messages.isEmpty {
      answerPending(from: first, .diskFull(path: path), effects: &effects)
    }
    giveUpPending(effects: &effects)
    beginAgain(writtenBefore: first, effects: &effects)
  }

  /// Ends the writing: those who wait are told, others hear nothing more, local reads go on.
  mutating func fail(_ fault: NodeFault, effects: inout Effects<Machine>) {
    self.fault = fault
    let error = ClusterError.storageFailed(path: path, reason: "\(fault)")
    answerPending(from: .zero, error, effects: &effects)
    reads.failAll(error, into: &effects.reads)
    leadership = NodeLeadership(role: .follower, leader: nil, term: raft.term)
    effects.leadership = leadership
  }

  private mutating func answerPending(
    from index: LogIndex, _ error: ClusterError, effects: inout Effects<Machine>
  ) {
    for proposal in pending.takeAll(from: index) {
      effects.replies.append(Reply(id: proposal.id, outcome: .failure(error)))
    }
    if let change = pendingMembership, change.position.index >= index {
      pendingMembership = nil
      effects.membershipReplies.append(Reply(id: change.id, outcome: .failure(error)))
    }
  }

  /// Begins again from what the disk holds, as after a crash but without one: the entries that
  /// found no room are gone. The log has cut back what it wrote of them; what they were to replace
  /// is there still, and is replaced when they come again.
  ///
  /// - Parameter failed: The first of the entries that could not be written.
  mutating func beginAgain(writtenBefore failed: LogIndex?, effects: inout Effects<Machine>) {
    // A snapshot that found no room has replaced nothing yet but the core's memory.
    let known = coreBeforeSnapshot ?? raft
    let base = known.snapshot
    let first = base.position.index.next
    let end = min(failed ?? known.firstUnwritten, known.firstUnwritten, log.last.index.next)
    let kept = known.entries(first..<max(first, end))
    unsavedHardState = nil
    do throws(RaftStartError) {
      raft = try RaftCore(
        id: raft.id, options: options.raft, seed: chance.next(), snapshot: base,
        hardState: log.hardState, entries: kept, isRecovering: log.group?.recovery != nil)
    } catch {
      return fail(.inconsistent(error), effects: &effects)
    }
    note(Output.Leadership(leader: nil, role: .follower), effects: &effects)
  }
}
