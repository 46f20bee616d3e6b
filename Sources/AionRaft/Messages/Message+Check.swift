import AionModel

extension Message {
  /// What no correct replica would have sent, if anything.
  var complaint: String? {
    if let term, term == .zero { return "term 0" }
    switch body {
    case .append(let term, let previous, let entries, _):
      return complaint(of: entries, after: previous, in: term)
    case .appendReply(_, .rejected(let index, let hint, _)):
      return hint > index ? "hint \(hint) above rejected index \(index)" : nil
    case .snapshot(_, let metadata):
      return metadata.membership.isWellFormed ? nil : "membership \(metadata.membership)"
    case .propose(let proposals): return proposals.isEmpty ? "no proposals" : nil
    default: return nil
    }
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
