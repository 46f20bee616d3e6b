import AionLog
import AionModel
import AionRaft

/// A snapshot that a leader sends, and that has not taken the place of the log yet.
struct ReceivedSnapshot<Directory: LogDirectory, Machine: StateMachine> {
  /// How far the whole file was read.
  enum Reading {
    case notYet
    case due
    case underWay
    case done(Machine.View)
  }

  /// The newest of those that say the same of the same file.
  var offer: SnapshotOffer
  var from: ReplicaID
  let file: IncomingSnapshot<Directory>
  var reading = Reading.notYet
}

extension Node {
  /// A leader has a snapshot. The answer says where to begin: what is here of the same file stays.
  mutating func take(
    _ offer: SnapshotOffer, from leader: ReplicaID, effects: inout Effects<Machine>
  ) {
    guard offer.term >= raft.term, offer.file.position == offer.metadata.position else { return }
    if raft.isCovered(offer.metadata) { return deliver(offer, from: leader, effects: &effects) }
    do throws(LogFault) {
      if let known = received?.offer, known.file == offer.file, known.metadata == offer.metadata {
        received?.offer = offer
        received?.from = leader
      } else {
        received = nil
        let file = try log.snapshots.receive(offer.file)
        received = ReceivedSnapshot(offer: offer, from: leader, file: file)
      }
    } catch {
      return refuse(offer.file, from: leader, error, effects: &effects)
    }
    goOn(effects: &effects)
  }

  mutating func take(
    _ piece: SnapshotChunk, from leader: ReplicaID, effects: inout Effects<Machine>
  ) {
    guard let current = received, current.offer.file == piece.file, current.from == leader,
      checksum(of: piece.bytes) == piece.checksum
    else { return }
    do throws(LogFault) {
      guard try current.file.append(piece.bytes, at: piece.offset) else { return }
    } catch {
      received = nil
      return refuse(piece.file, from: leader, error, effects: &effects)
    }
    goOn(effects: &effects)
  }

  /// Asks for what is missing, has read what is whole, and takes what was read.
  private mutating func goOn(effects: inout Effects<Machine>) {
    guard let current = received else { return }
    if case .done = current.reading {
      return deliver(current.offer, from: current.from, effects: &effects)
    }
    if current.file.isWhole, case .notYet = current.reading { received?.reading = .due }
    let progress = SnapshotProgress(
      file: current.offer.file, state: .wants(from: current.file.synced))
    send(.snapshotProgress(progress), to: current.from, effects: &effects)
  }

  /// The job of reading a snapshot that has been received whole; run it on another thread and hand
  /// its outcome to `snapshotRead`. Heartbeats are heard meanwhile.
  public mutating func nextSnapshotReading() -> SnapshotReading<Directory, Machine>? {
    guard fault == nil, let current = received, case .due = current.reading else { return nil }
    received?.reading = .underWay
    return SnapshotReading(contents: current.file.contents, metadata: current.offer.metadata)
  }

  /// Takes the state that was read. Where it could not be, every piece held and the whole does
  /// not: what the leader has does not hold.
  public mutating func snapshotRead(
    _ read: SnapshotRead<Machine>, effects: inout Effects<Machine>
  ) {
    guard fault == nil, let current = received, current.offer.file == read.file,
      current.offer.metadata == read.metadata, case .underWay = current.reading
    else { return }
    switch read.outcome {
    case .success(let view):
      received?.reading = .done(view)
      deliver(current.offer, from: current.from, effects: &effects)
    case .failure(let error):
      current.file.discard()
      received = nil
      let fault: LogFault? = if case .log(let fault) = error { fault } else { nil }
      refuse(read.file, from: current.from, fault, effects: &effects)
    }
    advance(effects: &effects)
  }

  /// Gives the core the message that the snapshot came for; it answers for itself.
  private mutating func deliver(
    _ offer: SnapshotOffer, from leader: ReplicaID, effects: inout Effects<Machine>
  ) {
    // Before the state that rests on them: a snapshot has no entries that make members known.
    guard learn(offer.lives, effects: &effects) else {
      return refuse(offer.file, from: leader, nil, effects: &effects)
    }
    coreBeforeSnapshot = raft
    step(
      .message(Message(from: leader, to: raft.id, .snapshot(offer.term, offer.metadata))),
      effects: &effects)
    advance(effects: &effects)
    coreBeforeSnapshot = nil
    guard fault == nil else { return }
    // What the core did not want is of no use to anyone.
    if let left = received, left.offer.file == offer.file {
      left.file.discard()
      received = nil
    }
    send(
      .snapshotProgress(SnapshotProgress(file: offer.file, state: .done)), to: leader,
      effects: &effects)
  }

  private mutating func refuse(
    _ file: SnapshotFileID, from leader: ReplicaID, _ fault: LogFault?,
    effects: inout Effects<Machine>
  ) {
    if let fault { effects.warnings.append(fault) }
    let progress = SnapshotProgress(file: file, state: .refused)
    send(.snapshotProgress(progress), to: leader, effects: &effects)
  }

  /// Puts the snapshot that the core asks for in the place of log and state.
  mutating func install(
    _ metadata: SnapshotMetadata, _ hardState: HardState?, effects: inout Effects<Machine>
  ) throws(LogFault) {
    guard let current = received, current.offer.metadata == metadata,
      case .done(let view) = current.reading
    else { preconditionFailure("snapshot \(metadata) was not received") }
    received = nil
    try log.install(current.file, hardState: hardState)
    machine.replace(by: view)
    applied = metadata.position.index
    sizeSinceSnapshot = .zero
    effects.installed = applied
    noteMembership(effects: &effects)
  }
}

extension RaftCore {
  /// Whether a snapshot holds nothing that is not here.
  fileprivate func isCovered(_ metadata: SnapshotMetadata) -> Bool {
    metadata.position.index <= committed
      || term(at: metadata.position.index) == metadata.position.term
      || !metadata.membership.contains(id)
  }
}
