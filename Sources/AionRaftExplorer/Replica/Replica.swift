package import AionModel
package import AionRaft

/// A raft core with its disk, driven as `Output` says a replica must drive it.
package struct Replica: Hashable, Sendable {
  package private(set) var core: RaftCore
  package private(set) var disk: Disk
  /// Taken and not yet completed, oldest first.
  package private(set) var pending: [Output] = []
  private(set) var promises = Promises()
  /// Up to where the state machine has applied; beside the core's own account.
  package private(set) var applied: LogIndex
  private let offersEveryState: Bool
  /// Whether it has crashed and is not back yet; it is then as it will begin.
  package private(set) var isDown = false

  /// One that `offersEveryState` can always send its newest state to a follower; another does so
  /// after a membership change or when it compacts its log.
  package init(
    id: ReplicaID, options: RaftOptions, seed: UInt64, start: SnapshotMetadata,
    offersEveryState: Bool = true
  ) throws(RaftStartError) {
    disk = Disk(start)
    self.offersEveryState = offersEveryState
    applied = start.position.index
    core = try RaftCore(id: id, options: options, seed: seed, snapshot: start)
  }

  package var id: ReplicaID { core.id }

  /// Gives the core an input. An ordinary refusal is an answer; one that tells of a damaged disk is
  /// a violation, for no disk here is ever damaged.
  @discardableResult
  package mutating func take(_ input: Input) throws(Violation) -> RaftRefusal? {
    let (term, committed) = (core.term, core.committed)
    var refusal: RaftRefusal?
    do throws(RaftRefusal) { try core.step(input) } catch { refusal = error }
    switch refusal {
    case .acknowledgedEntriesLost, .conflictsWithCommitted, .malformedMessage:
      throw .complains(of: id, "\(refusal.map { "\($0)" } ?? "")")
    default: break
    }
    try checkProgress(since: term, committed)
    return refusal
  }

  /// Takes the next output. What it returns leaves at once.
  package mutating func write() throws(Violation) -> [Message] {
    let output = core.takeOutput()
    for message in output.messages { try promises.note(message, waitedForSync: false) }
    pending.append(output)
    return output.messages
  }

  /// Completes the oldest output: it is durable, its entries are applied, and what waited leaves.
  package mutating func complete() throws(Violation) -> Completion {
    guard !pending.isEmpty else { return Completion() }
    let output = pending.removeFirst()
    disk.save(output)
    let (term, committed) = (core.term, core.committed)
    core.persisted(through: output.receipt)
    if let installed = output.snapshot { applied = installed.position.index }
    for message in output.messagesAfterSync { try promises.note(message, waitedForSync: true) }
    try apply(output.committed)
    try checkProgress(since: term, committed)
    return Completion(messages: output.messagesAfterSync, reads: output.reads)
  }

  package struct Completion: Sendable {
    package var messages: [Message] = []
    package var reads: [Output.SafeRead] = []
  }

  private mutating func apply(_ committed: [Entry]) throws(Violation) {
    for entry in committed {
      // A snapshot may have come in meanwhile and have replaced the log.
      let term = core.term(at: entry.index) ?? entry.term
      guard entry.index == applied.next, term == entry.term else {
        throw .appliesOutOfOrder(id, after: applied, entry.position)
      }
      applied = entry.index
      let membership = core.membership
      core.applied(through: applied)
      if offersEveryState || core.membership != membership { offer(entry.position) }
    }
  }

  /// The state machine as it is now can be sent to a follower. After a membership change it
  /// must be: a new member refuses a state in which it is none.
  private mutating func offer(_ position: LogPosition) {
    core.snapshotTaken(SnapshotMetadata(position: position, membership: core.membership))
  }

  private func checkProgress(since term: Term, _ committed: LogIndex) throws(Violation) {
    guard core.term >= term else { throw .termWentBack(id, from: term, to: core.term) }
    guard core.committed >= committed else {
      throw .commitWentBack(id, from: committed, to: core.committed)
    }
  }

  // MARK: - Crashes

  /// The oldest output reaches the disk, and nothing learns of it: a crash follows.
  mutating func saveOldest() {
    if let output = pending.first { disk.save(output) }
  }

  /// Forgets everything but the disk, and does nothing until it comes back.
  mutating func crash() throws(Violation) {
    try restart()
    isDown = true
  }

  mutating func comeBack() { isDown = false }

  /// Forgets everything but the disk, and starts again from it.
  package mutating func restart() throws(Violation) {
    disk.losePower()
    pending = []
    applied = disk.snapshot.position.index
    do throws(RaftStartError) {
      core = try RaftCore(
        id: id, options: core.options, seed: id.rawValue, snapshot: disk.snapshot,
        hardState: disk.hardState, entries: disk.entries)
    } catch {
      throw .cannotRestart(id, error)
    }
    guard core.term >= promises.term else {
      throw .termWentBack(id, from: promises.term, to: core.term)
    }
  }

  /// Saves the state machine as it is, and forgets the entries that led there.
  package mutating func compact() {
    guard applied > disk.snapshot.position.index, let term = core.term(at: applied) else { return }
    let position = LogPosition(term: term, index: applied)
    let newer = SnapshotMetadata(position: position, membership: core.membership)
    disk.save(newer)
    core.snapshotTaken(newer)
    core.compact(through: applied)
  }
}
