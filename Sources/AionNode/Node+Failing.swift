import AionCatalog
import AionLog
import AionModel
import AionRaft

extension Node {
  /// Where the log is, for messages.
  public var path: String { log.path }

  /// Takes note of a log fault: a full disk passes, everything else ends the writing for good.
  mutating func fail(_ fault: LogFault, effects: inout Effects) {
    guard case .diskFull(let path) = fault else { return fail(.log(fault), effects: &effects) }
    isDiskFull = true
    answerPending(.diskFull(path: path), effects: &effects)
    beginAgain(effects: &effects)
  }

  /// Ends the writing: those who wait are told, reads go on.
  mutating func fail(_ fault: NodeFault, effects: inout Effects) {
    self.fault = fault
    answerPending(.storageFailed(path: path, reason: "\(fault)"), effects: &effects)
  }

  private mutating func answerPending(_ error: ClusterError, effects: inout Effects) {
    for proposal in pending.takeAll() {
      effects.replies.append(Reply(id: proposal.id, outcome: .failure(error)))
    }
  }

  /// Begins again from what the disk holds, as after a crash but without one: the entries that
  /// found no room are gone. The log has cut back what it wrote of them.
  private mutating func beginAgain(effects: inout Effects) {
    let base = raft.snapshot
    let kept = raft.entries(base.position.index.next..<log.last.index.next)
    unsavedHardState = nil
    do throws(RaftStartError) {
      raft = try RaftCore(
        id: raft.id, options: options.raft, seed: chance.next(), snapshot: base,
        hardState: log.hardState, entries: kept)
    } catch {
      fail(.inconsistent(error), effects: &effects)
    }
  }
}
