import AionModel
import AionRaft

extension Message {
  /// `1->2 MsgApp Term:1 Log:1/2 Commit:2 Entries:[…]`
  var transcriptText: String {
    var sender = from
    // The target stands for the sender, as it would have asked for itself.
    if case .transferLeadership(_, let target) = body { sender = target }
    let route = "\(hexadecimal(sender.rawValue))->\(hexadecimal(to.rawValue))"
    return "\(route) \(body.kind) Term:\(term ?? .zero) Log:\(body.position)\(body.detail)"
  }
}

extension Message.Body {
  /// The name of the message in transcripts.
  var kind: String {
    switch self {
    case .vote: "MsgVote"
    case .voteReply: "MsgVoteResp"
    case .preVote: "MsgPreVote"
    case .preVoteReply: "MsgPreVoteResp"
    case .append: "MsgApp"
    case .appendReply: "MsgAppResp"
    case .heartbeat: "MsgHeartbeat"
    case .heartbeatReply: "MsgHeartbeatResp"
    case .snapshot: "MsgSnap"
    case .timeoutNow: "MsgTimeoutNow"
    case .propose: "MsgProp"
    case .transferLeadership: "MsgTransferLeader"
    case .readIndex: "MsgReadIndex"
    case .readIndexReply: "MsgReadIndexResp"
    }
  }

  fileprivate var position: LogPosition {
    switch self {
    case .vote(_, let last, _, _), .preVote(_, let last, _): last
    case .append(_, let previous, _, _): previous
    case .appendReply(_, .matched(let index)): LogPosition(term: .zero, index: index)
    case .appendReply(_, .rejected(let index, _, let hintTerm)):
      LogPosition(term: hintTerm ?? .zero, index: index)
    case .readIndexReply(_, _, let index): LogPosition(term: .zero, index: index)
    default: .zero
    }
  }

  fileprivate var detail: String {
    switch self {
    case .voteReply(_, .refused), .preVoteReply(_, .refused):
      " Rejected (Hint: 0)"
    case .appendReply(_, .rejected(_, let hint, _)): " Rejected (Hint: \(hint))"
    case .append(_, _, let entries, let commit):
      text(of: commit) + text(of: entries.map(\.transcriptText))
    case .heartbeat(_, let commit, _): text(of: commit)
    case .snapshot(_, let metadata): "\n  Snapshot: \(metadata.transcriptText)"
    case .propose(let proposals):
      text(of: proposals.map { "0/0 \($0.payload.transcriptText)" })
    case .readIndex(let read), .readIndexReply(_, let read, _):
      text(of: ["0/0 EntryNormal \"\(read)\""])
    default: ""
    }
  }

  private func text(of commit: LogIndex) -> String { commit == .zero ? "" : " Commit:\(commit)" }

  private func text(of entries: [String]) -> String {
    switch entries.count {
    case 0: ""
    case 1: " Entries:[\(entries[0])]"
    default: " Entries:[\n" + entries.map { "  \($0)\n" }.joined() + "]"
    }
  }
}
