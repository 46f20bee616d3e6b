import AionModel
import AionRaft

extension Output {
  /// What a block shows of an output; a line each.
  var transcriptText: String {
    var lines: [String] = []
    if let leadership {
      let leader = leadership.leader ?? ReplicaID(0)
      lines.append("Lead:\(leader) State:\(leadership.role.transcriptText)")
    }
    if let hardState { lines.append("HardState \(hardState.transcriptText)") }
    if !reads.isEmpty {
      lines.append("ReadStates:")
      lines += reads.map { "\"\($0.read)\" at \($0.index)" }
    }
    lines += section("Entries:", entries.map(\.transcriptText))
    if let snapshot { lines.append("Snapshot \(snapshot.transcriptText)") }
    lines += section("CommittedEntries:", committed.map(\.transcriptText))
    lines += section("Messages:", sent.map(\.transcriptText))
    guard !lines.isEmpty else { return "<empty Ready>" }
    return "Ready MustSync=\(requiresSync):\n" + lines.map { $0 + "\n" }.joined()
  }

  /// All messages, those first that rest on nothing: the order of etcd's transcripts. There, a vote
  /// is asked for before the sync; here it waits, and only its place is kept.
  var sent: [Message] {
    let early = messagesAfterSync.filter { !$0.isAcknowledgement }
    return messages + early + messagesAfterSync.filter(\.isAcknowledgement)
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : [title] + lines
  }
}

extension Message {
  fileprivate var isAcknowledgement: Bool {
    switch body {
    case .appendReply, .voteReply, .preVoteReply: true
    default: false
    }
  }
}
