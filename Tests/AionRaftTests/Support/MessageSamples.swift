import AionModel
import AionRaft

/// Messages from a seed, each kind as often as any other, with small numbers and large ones.
struct MessageSamples: IteratorProtocol, Sequence {
  private var chance: SplitMix64

  init(seed: UInt64) { chance = SplitMix64(seed: seed) }

  mutating func next() -> Message? {
    // Nobody has the id 0.
    Message(from: ReplicaID(number() | 1), to: ReplicaID(number() | 1), body())
  }

  private mutating func body() -> Message.Body {
    switch Int.random(in: 0..<14, using: &chance) {
    case 0: .vote(term(), last: position(), committed: position(), isTransfer: flag())
    case 1: .voteReply(term(), answer())
    case 2: .preVote(term(), last: position(), committed: position())
    case 3: .preVoteReply(term(), answer())
    case 4: .append(term(), previous: position(), entries: some { $0.entry() }, commit: index())
    case 5: .appendReply(term(), .matched(index()))
    case 6:
      .appendReply(
        term(), .rejected(index: index(), hint: index(), hintTerm: flag() ? term() : nil))
    case 7: .heartbeat(term(), commit: index(), round: flag() ? ReadRound(number()) : nil)
    case 8: .heartbeatReply(term(), round: flag() ? ReadRound(number()) : nil)
    case 9: .snapshot(term(), SnapshotMetadata(position: position(), membership: membership()))
    case 10: flag() ? .timeoutNow(term()) : .transferLeadership(term(), to: ReplicaID(number()))
    case 11: .propose(some { Proposal($0.payload(), proposedAt: $0.time()) })
    case 12: .readIndex(ReadID(number()))
    default: .readIndexReply(term(), ReadID(number()), index: index())
    }
  }

  private mutating func answer() -> Message.VoteAnswer {
    flag() ? .granted : .refused(committed: position())
  }

  private mutating func entry() -> Entry {
    Entry(
      index: LogIndex(number() | 1), term: Term(number() | 1), proposedAt: time(),
      payload: payload())
  }

  private mutating func payload() -> Entry.Payload {
    switch Int.random(in: 0..<3, using: &chance) {
    case 0: .empty
    case 1: .command(bytes())
    default: .configuration(change())
    }
  }

  private mutating func change() -> ConfigurationChange {
    let transitions: [ConfigurationChange.Transition] = [.automatic, .implicit, .explicit]
    return ConfigurationChange(
      transition: transitions[Int.random(in: 0..<3, using: &chance)],
      steps: some { $0.step() }, context: bytes())
  }

  private mutating func step() -> ConfigurationChange.Step {
    let replica = ReplicaID(number())
    return switch Int.random(in: 0..<4, using: &chance) {
    case 0: .addVoter(replica)
    case 1: .addLearner(replica)
    case 2: .remove(replica)
    default: .update(replica)
    }
  }

  private mutating func membership() -> Membership {
    Membership(
      voters: some { ReplicaID($0.number()) }, outgoingVoters: some { ReplicaID($0.number()) },
      learners: some { ReplicaID($0.number()) }, stagedLearners: some { ReplicaID($0.number()) },
      leavesAutomatically: flag())
  }

  // MARK: Parts

  private mutating func some<Part>(_ part: (inout MessageSamples) -> Part) -> [Part] {
    (0..<Int.random(in: 0..<4, using: &chance)).map { _ in part(&self) }
  }

  private mutating func bytes() -> [UInt8] { some { UInt8(truncatingIfNeeded: $0.number()) } }
  private mutating func flag() -> Bool { Bool.random(using: &chance) }
  private mutating func term() -> Term { Term(number()) }
  private mutating func index() -> LogIndex { LogIndex(number()) }
  private mutating func position() -> LogPosition { LogPosition(term: term(), index: index()) }
  private mutating func time() -> WallTime {
    WallTime(nanosecondsSince1970: Int64(bitPattern: number()))
  }

  /// 0, a small one, or any.
  private mutating func number() -> UInt64 {
    switch Int.random(in: 0..<4, using: &chance) {
    case 0: 0
    case 1: .random(in: 1...300, using: &chance)
    default: chance.next()
    }
  }
}
