import AionCatalog
import AionLog
import AionModel
import AionRaft
import AionWire

extension Node {
  /// Does everything that the core asks for, in its order, until it asks for nothing: save and
  /// sync, then send, then apply, then answer (Docs/Architecture.md, "The way of a write").
  ///
  /// A crash anywhere in it leaves batches that are whole or absent, and nobody was told of one
  /// that is absent.
  mutating func advance(effects: inout Effects) {
    while fault == nil, raft.hasOutput {
      let output = raft.takeOutput()
      do throws(LogFault) {
        try persist(output)
      } catch {
        return fail(error, effects: &effects)
      }
      raft.persisted(through: output.receipt)
      effects.messages += output.messages
      effects.messages += output.messagesAfterSync
      apply(output.committed, effects: &effects)
    }
    askForSnapshotIfDue(effects: &effects)
  }

  /// One batch, one sync. A commit index alone waits for the next batch: a restart that finds an
  /// older one applies the same entries again.
  private mutating func persist(_ output: Output) throws(LogFault) {
    if let hardState = output.hardState { unsavedHardState = hardState }
    guard output.requiresSync else { return }
    try log.append(hardState: unsavedHardState, entries: output.entries)
    try log.sync()
    unsavedHardState = nil
    isDiskFull = false
    syncedBatches += 1
    syncedEntries += output.entries.count
  }

  private mutating func apply(_ entries: [Entry], effects: inout Effects) {
    guard let last = entries.last else { return }
    // After `beginAgain` entries come once more that were applied before.
    for entry in entries where entry.index > applied {
      do throws(NodeFault) {
        try apply(entry, effects: &effects)
      } catch {
        return fail(error, effects: &effects)
      }
      applied = entry.index
    }
    raft.applied(through: last.index)
  }

  private mutating func apply(
    _ entry: Entry, effects: inout Effects
  ) throws(NodeFault) {
    let proposal = pending.take(at: entry.position) { replaced in
      effects.replies.append(
        Reply(id: replaced.id, outcome: .failure(.notLeader(leader: nil, address: nil))))
    }
    guard case .command(let encoded) = entry.payload else {
      return catalog.advance(to: entry.index)
    }
    sizeSinceSnapshot += ByteCount(encoded.count)
    // What this process encoded itself need not be decoded again.
    let batch = if let proposal { proposal.batch } else { try decode(encoded, at: entry.index) }
    let outcome = catalog.apply(batch, at: entry.index)
    if case .success(let applied) = outcome, applied.hasChanges {
      effects.changes.append(Change(batch: batch, applied: applied))
    }
    if let proposal { effects.replies.append(Reply(id: proposal.id, outcome: outcome)) }
  }

  private func decode(_ encoded: [UInt8], at index: LogIndex) throws(NodeFault) -> CommandBatch {
    do throws(WireError) {
      return try CommandBatch(decoding: encoded)
    } catch {
      throw .undecodableCommand(at: index, error)
    }
  }
}
