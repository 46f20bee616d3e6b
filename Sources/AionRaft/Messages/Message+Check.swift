import AionModel

extension Message {
  /// What no correct replica would have sent, if anything.
  var complaint: String? {
    if let term, term == .zero { return "term 0" }
    if from == to, !isPassedOn { return "from itself" }
    switch body {
    case .append(let term, let previous, let entries, _):
      return complaint(of: entries, after: previous, in: term)
    case .appendReply(_, .rejected(let index, let hint, _)):
      return hint > index ? "hint \(hint) above rejected index \(index)" : nil
    case .snapshot(let term, let metadata): return complaint(of: metadata, in: term)
    case .propose(let proposals): return proposals.isEmpty ? "no proposals" : nil
    default: return nil
    }
  }

  /// What replicas pass on for others may come back to where it began.
  private var isPassedOn: Bool {
    switch body {
    case .propose, .readIndex: true
    default: false
    }
  }

  private func complaint(of snapshot: SnapshotMetadata, in term: Term) -> String? {
    guard snapshot.position.index.rawValue < UInt64(Int64.max) else {
      return "index \(snapshot.position.index) out of range"
    }
    guard snapshot.position.term <= term else {
      return "snapshot \(snapshot.position) in term \(term)"
    }
    return snapshot.membership.isWellFormed ? nil : "membership \(snapshot.membership)"
  }

  private func complaint(
    of entries: [Entry], after previous: LogPosition, in term: Term
  ) -> String? {
    guard previous.index.rawValue < UInt64(Int64.max) - UInt64(entries.count) else {
      return "index \(previous.index) out of range"
    }
    var last = previous
    for entry in entries {
      guard entry.index == last.index.next, entry.term >= last.term, entry.term <= term else {
        return "entry \(entry.position) after \(last) in term \(term)"
      }
      last = entry.position
    }
    return nil
  }
}
