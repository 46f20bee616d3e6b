import AionModel

/// What a leader knows of one member. `match < next` always.
struct Progress: Hashable, Sendable {
  let replica: ReplicaID
  var isLearner: Bool
  /// Up to where the member's log is known to agree.
  private(set) var match: LogIndex
  /// The next entry to send.
  private(set) var next: LogIndex
  /// The highest commit index sent, as far as it can take effect.
  private(set) var sentCommit = LogIndex.zero
  private(set) var phase = Phase.probing
  /// Heard from since the last check of the quorum.
  var isActive: Bool
  /// One message is enough until the member answers.
  var isFlowPaused = false

  enum Phase: Hashable, Sendable {
    /// One append at a time, looking for where the logs agree.
    case probing
    /// Appends are sent ahead of their answers.
    case replicating(Inflights)
    /// Nothing is sent until the snapshot of this index has arrived.
    case installing(LogIndex)
  }

  init(
    _ replica: ReplicaID, isLearner: Bool, match: LogIndex = .zero, next: LogIndex, isActive: Bool
  ) {
    self.replica = replica
    self.isLearner = isLearner
    self.match = match
    self.next = next
    self.isActive = isActive
  }

  var isPaused: Bool {
    if case .installing = phase { return true }
    return isFlowPaused
  }

  var inflights: Inflights? {
    if case .replicating(let inflights) = phase { return inflights }
    return nil
  }

  func isWindowFull(_ options: RaftOptions) -> Bool { inflights?.isFull(options) ?? false }

  /// Whether sending this commit index can move the member's.
  func canUseCommit(_ commit: LogIndex) -> Bool {
    commit > sentCommit && sentCommit < next.previous
  }
}

// MARK: - Phases

extension Progress {
  mutating func probe() {
    if case .installing(let snapshot) = phase {
      next = max(match.next, snapshot.next)
    } else {
      next = match.next
    }
    sentCommit = min(sentCommit, next.previous)
    enter(.probing)
  }

  /// The snapshot did not arrive: probes from what was known before it was sent.
  mutating func probeAfterFailedSnapshot() {
    next = match.next
    sentCommit = min(sentCommit, next.previous)
    enter(.probing)
  }

  mutating func replicate() {
    next = match.next
    enter(.replicating(Inflights()))
  }

  mutating func install(_ snapshot: LogIndex) {
    next = snapshot.next
    sentCommit = snapshot
    enter(.installing(snapshot))
  }

  private mutating func enter(_ phase: Phase) {
    self.phase = phase
    isFlowPaused = false
  }
}

// MARK: - Messages

extension Progress {
  mutating func sent(entries: Int, size: ByteCount, commit: LogIndex, options: RaftOptions) {
    switch phase {
    case .replicating(var inflights):
      if entries > 0 {
        phase = .probing  // lets the array below change in place
        next = next.advanced(by: entries)
        inflights.add(through: next.previous, size: size)
        phase = .replicating(inflights)
      }
      isFlowPaused = inflights.isFull(options)
    case .probing: if entries > 0 { isFlowPaused = true }
    case .installing: break
    }
    sentCommit = commit
  }

  mutating func sentHeartbeat(commit: LogIndex) { sentCommit = commit }

  /// The member has everything up to an index. Tells whether that is news.
  mutating func acknowledge(_ index: LogIndex) -> Bool {
    guard index > match else { return false }
    match = index
    next = max(next, index.next)
    isFlowPaused = false
    return true
  }

  mutating func release(through index: LogIndex) {
    guard case .replicating(var inflights) = phase else { return }
    phase = .probing
    inflights.release(through: index)
    phase = .replicating(inflights)
  }

  /// The member has nothing that agrees at `rejected`, and something may at `hint` at the latest.
  /// Tells whether that is news: late answers change nothing. What it has acknowledged it can only
  /// have lost with its disk, and asking again would not bring it back.
  mutating func reject(_ rejected: LogIndex, hint: LogIndex) -> Bool {
    guard rejected > match else { return false }
    if case .replicating = phase {
      next = match.next
      sentCommit = min(sentCommit, next.previous)
      return true
    }
    guard next.previous == rejected else { return false }
    next = max(min(rejected, hint.next), match.next)
    sentCommit = min(sentCommit, next.previous)
    isFlowPaused = false
    return true
  }
}
