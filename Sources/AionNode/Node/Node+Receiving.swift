import AionLog
public import AionModel
public import AionRaft

extension Node {
  /// One tick of the clock has passed: elections, heartbeats, and whatever waits for an answer that
  /// may have been lost.
  public mutating func tick(effects: inout Effects<Machine>) {
    guard fault == nil else { return }
    guard isIntroduced else { return introduce(effects: &effects) }
    saveGroup(effects: &effects)
    step(.tick, effects: &effects)
    askForReadmission(effects: &effects)
    reads.tick(notLeader, into: &effects.reads)
    tickSnapshots(effects: &effects)
    advance(effects: &effects)
  }

  /// Takes what another replica has sent. What is not for this replica, or not from a member of its
  /// cluster, is not taken.
  public mutating func receive(_ envelope: Envelope, effects: inout Effects<Machine>) {
    take(envelope, effects: &effects)
    advance(effects: &effects)
  }

  /// Takes several, in order, with one sync for what all of them ask for.
  ///
  /// - Parameter writesFollow: Whether `propose` is called next. Followers hear along with its
  ///   entries what was committed, and not in messages of its own.
  public mutating func receive(
    _ envelopes: [Envelope], writesFollow: Bool = false, effects: inout Effects<Machine>
  ) {
    if writesFollow { raft.putOffTellingCommit() }
    for envelope in envelopes { take(envelope, effects: &effects) }
    advance(effects: &effects)
  }

  private mutating func take(_ envelope: Envelope, effects: inout Effects<Machine>) {
    guard fault == nil, envelope.to == raft.id, envelope.from != raft.id else { return }
    guard admits(envelope, effects: &effects) else { return }
    if case .introduction(let introduction) = envelope.body {
      return take(introduction, from: envelope.life, effects: &effects)
    }
    guard isIntroduced else { return }
    switch envelope.body {
    case .raft(let message): step(.message(message), effects: &effects)
    case .snapshotOffer(let offer): take(offer, from: envelope.from, effects: &effects)
    case .snapshotChunk(let piece): take(piece, from: envelope.from, effects: &effects)
    case .snapshotProgress(let progress):
      take(progress, from: envelope.from, effects: &effects)
    case .readmission(let readmission): take(readmission, in: envelope, effects: &effects)
    case .introduction, .refusal: break
    }
  }

  /// The transport could not deliver to a replica.
  public mutating func peerUnreachable(_ replica: ReplicaID, effects: inout Effects<Machine>) {
    guard fault == nil else { return }
    step(.unreachable(replica), effects: &effects)
    interruptSnapshot(to: replica, effects: &effects)
    advance(effects: &effects)
  }

  /// A connection to a replica broke: its process may have ended. A follower of it stands for
  /// election soon, instead of waiting for its whole timeout.
  public mutating func peerLost(_ replica: ReplicaID, effects: inout Effects<Machine>) {
    guard fault == nil else { return }
    step(.lost(replica), effects: &effects)
    interruptSnapshot(to: replica, effects: &effects)
    advance(effects: &effects)
  }

  /// Asks for a linearizable read; answered in `Effects.reads`.
  ///
  /// - Parameter read: Names it to the caller; one that failed is asked again under another name.
  public mutating func read(_ read: ReadID, effects: inout Effects<Machine>) {
    if let fault {
      let error = ClusterError.storageFailed(path: path, reason: "\(fault)")
      return effects.reads.append(.failed(read, error))
    }
    let own = reads.add(read)
    do throws(RaftRefusal) {
      try raft.step(.readIndex(own))
    } catch {
      reads.fail(own: own, refusal(error), into: &effects.reads)
    }
    advance(effects: &effects)
  }

  /// Gives the core an input of the world's. What it refuses is lost, as on a bad network, but for
  /// what says that this replica's own disk does not hold what it has promised: what is missing can
  /// be repaired, what contradicts cannot.
  mutating func step(_ input: Input, effects: inout Effects<Machine>) {
    do throws(RaftRefusal) {
      try raft.step(input)
    } catch {
      switch error {
      case .acknowledgedEntriesLost: beginRecovery(error, effects: &effects)
      case .conflictsWithCommitted: fail(.contradictsGroup(error), effects: &effects)
      default: break
      }
    }
  }

  mutating func send(_ messages: [Message], effects: inout Effects<Machine>) {
    for message in messages {
      if case .snapshot(let term, let metadata) = message.body {
        sendSnapshot(to: message.to, term, metadata, effects: &effects)
      } else {
        send(.raft(message), to: message.to, effects: &effects)
      }
    }
  }

  func send(_ body: Envelope.Body, to replica: ReplicaID, effects: inout Effects<Machine>) {
    effects.envelopes.append(
      Envelope(
        from: raft.id, to: replica, cluster: identity.cluster, incarnation: group.incarnation,
        generation: group.generation, isRecovering: raft.isRecovering, body))
  }
}
