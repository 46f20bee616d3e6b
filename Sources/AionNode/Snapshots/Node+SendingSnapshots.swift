import AionLog
import AionModel
import AionRaft

// The core's message says that a snapshot is to go; what goes is the file. The core hears of the
// fate of every one: delivered, refused, out of reach, given up.

extension Node {
  /// Begins to send a snapshot file in the place of the core's message.
  mutating func sendSnapshot(
    to follower: ReplicaID, _ term: Term, _ metadata: SnapshotMetadata,
    effects: inout Effects<Machine>
  ) {
    // One at a time for each follower: the newer replaces the older.
    outgoing.removeAll { $0.follower == follower }
    let file: SnapshotFile<Directory.File>
    do throws(LogFault) {
      file = try log.snapshots.file(at: metadata.position)
    } catch {
      effects.warnings.append(error)
      return step(.snapshotStatus(follower, delivered: false), effects: &effects)
    }
    let offer = SnapshotOffer(
      file: file.id, term: term, metadata: metadata, lives: group.lives)
    let place = outgoing.firstIndex { $0.follower > follower } ?? outgoing.endIndex
    outgoing.insert(OutgoingSnapshot(offer, file, to: follower), at: place)
    send(.snapshotOffer(offer), to: follower, effects: &effects)
  }

  /// A follower says how far it has come.
  mutating func take(
    _ progress: SnapshotProgress, from follower: ReplicaID, effects: inout Effects<Machine>
  ) {
    guard let place = outgoing.firstIndex(where: { $0.follower == follower }),
      outgoing[place].offer.file == progress.file
    else { return }
    switch progress.state {
    case .done: endSnapshot(at: place, delivered: true, effects: &effects)
    case .refused: endSnapshot(at: place, delivered: false, effects: &effects)
    case .wants(let offset):
      guard offset <= progress.file.size else { return }
      outgoing[place].acknowledge(offset)
      sendPieces(at: place, effects: &effects)
    }
  }

  private mutating func sendPieces(at place: Int, effects: inout Effects<Machine>) {
    do throws(LogFault) {
      while let piece = try outgoing[place].nextPiece(
        options.snapshotPiece, window: options.snapshotWindow)
      {
        send(.snapshotChunk(piece), to: outgoing[place].follower, effects: &effects)
      }
    } catch {
      effects.warnings.append(error)
      endSnapshot(at: place, delivered: false, effects: &effects)
    }
  }

  private mutating func endSnapshot(
    at place: Int, delivered: Bool, effects: inout Effects<Machine>
  ) {
    let follower = outgoing.remove(at: place).follower
    step(.snapshotStatus(follower, delivered: delivered), effects: &effects)
  }

  /// The transport could not reach the follower.
  mutating func interruptSnapshot(to follower: ReplicaID, effects: inout Effects<Machine>) {
    guard let place = outgoing.firstIndex(where: { $0.follower == follower }) else { return }
    endSnapshot(at: place, delivered: false, effects: &effects)
  }

  mutating func tickSnapshots(effects: inout Effects<Machine>) {
    guard !outgoing.isEmpty else { return }
    dropSuperseded()
    for follower in outgoing.map(\.follower) {
      guard let place = outgoing.firstIndex(where: { $0.follower == follower }) else { continue }
      let interval = options.raft.heartbeatTicks * 3
      switch outgoing[place].tick(interval: interval, patience: options.snapshotPatience) {
      case .nothing: break
      case .offer:
        send(.snapshotOffer(outgoing[place].offer), to: follower, effects: &effects)
      case .end: endSnapshot(at: place, delivered: false, effects: &effects)
      }
    }
  }

  /// A follower that has come further without the snapshot needs it no more, and one who does not
  /// lead sends none.
  private mutating func dropSuperseded() {
    let members = raft.status.members
    let term = raft.term
    outgoing.removeAll { snapshot in
      let phase = members.first { $0.replica == snapshot.follower }?.phase
      return snapshot.offer.term != term
        || phase != .installing(snapshot: snapshot.offer.metadata.position.index)
    }
  }

  /// Snapshot files that are being sent: they keep their names until they have arrived.
  var pinnedSnapshots: [LogIndex] { outgoing.map(\.offer.metadata.position.index) }
}
