import AionCatalog
import AionLog
import AionModel
import AionRaft
import AionWire

extension Node {
  /// Does everything that the core asks for, in its order, until it asks for nothing: send what
  /// promises nothing, save and sync, send the rest, apply, answer (Docs/Architecture.md, "A
  /// write").
  ///
  /// A crash anywhere in it leaves batches that are whole or absent, and nobody was told of one
  /// that is absent.
  @_specialize(kind:partial,where Machine == ClusterState)
  mutating func advance(effects: inout Effects<Machine>) {
    while fault == nil, raft.hasOutput {
      let output = raft.takeOutput()
      send(output.messages, effects: &effects)
      if output.requiresSync { handOut(&effects) }
      do throws(LogFault) {
        try persist(output, effects: &effects)
      } catch {
        fail(error, writing: output, effects: &effects)
        // A core that begins again is told at once of what was applied, such as its members.
        if fault == nil { continue }
        return
      }
      raft.persisted(through: output.receipt)
      send(output.messagesAfterSync, effects: &effects)
      // Others go on while this replica applies.
      if !output.messagesAfterSync.isEmpty, !output.committed.isEmpty { handOut(&effects) }
      apply(output.committed, effects: &effects)
      if let change = output.leadership { note(change, effects: &effects) }
      for read in output.reads { reads.confirm(read) }
      if output.wantsSnapshot { requestSnapshot(effects: &effects) }
    }
    reads.answer(applied: applied, into: &effects.reads)
    askForSnapshotIfDue(effects: &effects)
  }

  private func handOut(_ effects: inout Effects<Machine>) {
    guard let sendAtOnce, !effects.envelopes.isEmpty else { return }
    sendAtOnce(effects.envelopes)
    effects.envelopes.removeAll(keepingCapacity: true)
  }

  /// One batch, one sync. A commit index alone waits for the next batch: a restart that finds an
  /// older one applies the same entries again. Not so that of a membership change: who is out may
  /// be switched off once it is applied, and a restart must not ask for its vote.
  private mutating func persist(
    _ output: Output, effects: inout Effects<Machine>
  ) throws(LogFault) {
    if let hardState = output.hardState { unsavedHardState = hardState }
    if let snapshot = output.snapshot {
      try install(snapshot, unsavedHardState, effects: &effects)
      unsavedHardState = nil
      coreBeforeSnapshot = nil
      guard !output.entries.isEmpty else { return }
    }
    let makesMembers = output.committed.contains { entry in
      if case .configuration = entry.payload { entry.index > applied } else { false }
    }
    guard output.requiresSync || makesMembers else { return }
    try log.append(hardState: unsavedHardState, entries: output.entries)
    try log.sync()
    unsavedHardState = nil
    isDiskFull = false
    syncedBatches += 1
    syncedEntries += output.entries.count
  }

  @_specialize(kind:partial,where Machine == ClusterState)
  private mutating func apply(_ entries: [Entry], effects: inout Effects<Machine>) {
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
    let before = raft.membership
    raft.applied(through: last.index)
    if raft.membership != before { noteMembership(effects: &effects) }
    answerMembershipChange(effects: &effects)
  }

  // Inlined: what it is generic over would else be looked up for each entry.
  @inline(__always)
  private mutating func apply(
    _ entry: Entry, effects: inout Effects<Machine>
  ) throws(NodeFault) {
    var replaced: [SubmissionID] = []
    let proposal = pending.take(at: entry.position) { replaced.append($0) }
    for id in replaced { effects.replies.append(Reply(id: id, outcome: .failure(notLeader))) }
    guard case .command(let encoded) = entry.payload else {
      if case .configuration(let change) = entry.payload { learn(from: change, effects: &effects) }
      return machine.advance(to: entry.index)
    }
    sizeSinceSnapshot += ByteCount(encoded.count)
    // What this process encoded itself need not be decoded again.
    let command = if let proposal { proposal.command } else { try decode(encoded, at: entry.index) }
    let (outcome, change) = machine.apply(command, at: entry.index)
    if let change { effects.changes.append(change) }
    if let proposal { effects.replies.append(Reply(id: proposal.id, outcome: outcome)) }
  }

  private func decode(_ encoded: [UInt8], at index: LogIndex) throws(NodeFault) -> Machine.Command {
    do throws(WireError) {
      return try Machine.decode(encoded)
    } catch {
      throw .undecodableCommand(at: index, error)
    }
  }
}
