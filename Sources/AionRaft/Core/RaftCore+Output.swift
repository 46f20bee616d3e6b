public import AionModel

/// What a replica says to itself once its own output is durable: a candidate's own vote and a
/// leader's own copy count like those of others, and not earlier (Raft §5.2, §5.3).
enum OwnAcknowledgement: Hashable, Sendable {
  case preVote(Term)
  case vote(Term)
  case append(Term, LogIndex)
}

/// An output that was taken and is not yet persisted.
struct Outstanding: Hashable, Sendable {
  let number: UInt64
  var acknowledgements: [OwnAcknowledgement]
  let snapshot: LogIndex?
}

/// What the caller was last told, so that it hears only of changes.
struct HandedOut: Hashable, Sendable {
  var hardState: HardState
  var leadership: Output.Leadership
}

extension RaftCore {
  public var hardState: HardState { HardState(term: term, vote: vote, commit: log.committed) }

  /// Whether `takeOutput` has something.
  public var hasOutput: Bool {
    !messages.isEmpty || !messagesAfterSync.isEmpty || !ownAcknowledgements.isEmpty
      || !reads.isEmpty || wantsSnapshot || !log.unwritten.isEmpty || log.hasIncomingToHandOut
      || log.hasUnapplied
      || hardState != lastHandedOut.hardState || leadership != lastHandedOut.leadership
  }

  /// The first entry that was not handed out to be written.
  public var firstUnwritten: LogIndex { log.unwritten.lowerBound }

  private var leadership: Output.Leadership {
    Output.Leadership(leader: leader, role: role.name)
  }

  /// What must now happen. Nothing is handed out twice.
  public mutating func takeOutput() -> Output {
    let number = (outstanding.last?.number ?? 0) + 1
    var output = Output(receipt: Output.Receipt(number: number))
    output.entries = log.takeUnwritten()
    output.committed = log.takeUnapplied()
    takeChanges(into: &output, hasEntries: !output.entries.isEmpty)
    output.snapshot = log.takeIncoming()
    swap(&output.messages, &messages)
    swap(&output.messagesAfterSync, &messagesAfterSync)
    swap(&output.reads, &reads)
    swap(&output.wantsSnapshot, &wantsSnapshot)
    outstanding.append(
      Outstanding(
        number: number, acknowledgements: ownAcknowledgements,
        snapshot: output.snapshot?.position.index))
    ownAcknowledgements = []
    return output
  }

  private mutating func takeChanges(into output: inout Output, hasEntries: Bool) {
    let old = lastHandedOut
    let new = HandedOut(hardState: hardState, leadership: leadership)
    if new.leadership != old.leadership { output.leadership = new.leadership }
    if new.hardState != old.hardState { output.hardState = new.hardState }
    output.requiresSync =
      hasEntries || new.hardState.term != old.hardState.term
      || new.hardState.vote != old.hardState.vote
    lastHandedOut = new
  }

  /// What this output and those before it asked to save is durable, and their snapshot installed.
  public mutating func persisted(through receipt: Output.Receipt) {
    while let done = outstanding.first, done.number <= receipt.number {
      outstanding.removeFirst()
      for acknowledgement in done.acknowledgements { take(acknowledgement) }
      if let snapshot = done.snapshot { log.installed(snapshot) }
    }
    leaveJointIfDue()
  }

  private mutating func take(_ acknowledgement: OwnAcknowledgement) {
    switch acknowledgement {
    case .preVote(let term):
      if term == self.term.next { count(voteOf: id, granted: true, isPreVote: true) }
    case .vote(let term):
      if term == self.term { count(voteOf: id, granted: true, isPreVote: false) }
    case .append(let term, let index):
      if term == self.term { handleMatch(from: id, through: index) }
    }
  }

  /// The state machine has applied every entry up to an index that was handed out.
  public mutating func applied(through index: LogIndex) {
    let target = min(index, log.applying)
    guard target > log.applied else { return }
    for position in log.applied.next..<target.next {
      guard position >= log.first else { continue }
      if case .configuration(let change) = log.entries[position].payload {
        apply(change)
      }
    }
    releaseQuota(log.applied.next..<target.next)
    log.advanceApplied(to: target)
    hasAppliedNews = true
    leaveJointIfDue()
    takeOverIfDue()
  }
}
