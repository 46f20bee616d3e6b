import AionLog
import AionModel
import AionNode
import AionRaft

extension World {
  func send(_ envelope: Envelope, by life: Life<Machine>) throws(Violation) {
    try ledger.noteVote(in: envelope)
    let route = Route(envelope.from, envelope.to)
    let arrivals = network.arrivals(of: route, sentAt: now)
    trace.note(5, route.from.rawValue, route.to.rawValue, UInt64(arrivals.count))
    note(envelope)
    say("\(route.from) → \(route.to) \(envelope.text)\(arrivals.isEmpty ? " (lost)" : "")")
    for arrival in arrivals { queue.add(.deliver(envelope), at: arrival) }
    if arrivals.isEmpty { tellUnreachable(envelope.to, from: envelope.from, life) }
  }

  /// What left before a sync, unless the replica crashed before.
  func leave(_ id: ReplicaID, _ number: Int, _ envelopes: [Envelope]) throws(Violation) {
    guard let life = life(id, number) else { return }
    for envelope in envelopes { try send(envelope, by: life) }
  }

  func deliver(_ envelope: Envelope) throws(Violation) {
    let place = Int(envelope.to.rawValue) - 1
    guard place < replicas.count, let life = replicas[place].life else {
      if let sender = replica(envelope.from).life {
        tellUnreachable(envelope.to, from: envelope.from, sender)
      }
      return
    }
    trace.note(6, envelope.from.rawValue, envelope.to.rawValue)
    try give(.envelopes([envelope]), to: replicas[place], life)
  }

  /// Sometimes a transport notices that nobody is there.
  private func tellUnreachable(_ peer: ReplicaID, from sender: ReplicaID, _ life: Life<Machine>) {
    guard lives.below(4) == 0 else { return }
    queue.add(.unreachable(sender, life: life.number, peer), at: now + network.odds.latency)
  }

  /// A process ended: the others' connections to it break, unless its machine went down with it.
  func tellLost(_ id: ReplicaID) {
    guard scenario.faults[.brokenConnection] > .off else { return }
    let isMachine = chance(of: .brokenConnection) { $0.below(3) == 0 }
    guard !isMachine else { return }
    for other in replicas where other.id != id && !network.isCut(Route(id, other.id)) {
      guard let life = other.life else { continue }
      let time = now + network.odds.latency
      queue.add(.lost(other.id, life: life.number, id), at: time)
    }
  }

  private func note(_ envelope: Envelope) {
    switch envelope.body {
    case .raft(let message):
      switch message.body {
      case .appendReply(_, .rejected): situations.note(.appendRejected)
      case .timeoutNow: situations.note(.leadershipHandedOver)
      case .preVoteReply(_, .refused): situations.note(.preVoteRefused)
      case .voteReply(_, .refused): situations.note(.voteRefused)
      default: break
      }
    case .snapshotOffer: situations.note(.snapshotOffered)
    case .snapshotChunk: situations.note(.snapshotPieceSent)
    case .snapshotProgress(let progress):
      situations.note(.snapshotRefused, if: progress.state == .refused)
    case .introduction, .readmission, .refusal: break
    }
  }
}

extension Envelope {
  /// A line for people.
  var text: String {
    switch body {
    case .raft(let message): message.text
    case .introduction(let introduction): "introduces \(introduction.lives.map(\.replica))"
    case .readmission: "asks to be readmitted"
    case .refusal(let reason): "refuses: \(reason)"
    case .snapshotOffer(let offer): "offers snapshot \(offer.metadata.position)"
    case .snapshotChunk(let piece): "sends \(piece.bytes.count) B at \(piece.offset.bytes)"
    case .snapshotProgress(let progress): "snapshot \(progress.file.position): \(progress.state)"
    }
  }
}

extension Message {
  fileprivate var text: String {
    switch body {
    case .vote(let term, let last, _, _): "asks for a vote in term \(term), last \(last)"
    case .voteReply(let term, let answer):
      "\(answer == .granted ? "grants" : "refuses") a vote in \(term)"
    case .preVote(let term, let last, _): "would stand in term \(term), last \(last)"
    case .preVoteReply(let term, let answer):
      "\(answer == .granted ? "would" : "would not") vote in \(term)"
    case .append(let term, let previous, let entries, let commit):
      "appends \(entries.count) after \(previous) in \(term), commit \(commit)"
    case .appendReply(let term, let result): "answers in \(term): \(result)"
    case .heartbeat(let term, let commit, _): "heartbeat in \(term), commit \(commit)"
    case .heartbeatReply(let term, _): "heartbeat reply in \(term)"
    case .snapshot(let term, let metadata): "snapshot \(metadata.position) in \(term)"
    case .timeoutNow(let term): "hands over in \(term)"
    case .propose(let proposals): "passes on \(proposals.count)"
    case .transferLeadership(let term, let target): "asks to hand over to \(target) in \(term)"
    case .readIndex(let read): "asks for read \(read)"
    case .readIndexReply(let term, let read, let index): "read \(read) at \(index) in \(term)"
    }
  }
}
