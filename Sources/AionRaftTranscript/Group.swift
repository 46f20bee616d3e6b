import AionModel
import AionRaft

/// The replicas of one transcript, their disks and the messages between them.
struct Group {
  var nodes: [Node] = []
  var inFlight: [Message] = []
  /// Replicas that can reach only one another.
  var cutOff: Set<ReplicaID> = []
  var printed = ""
  var isQuiet = false

  struct Node {
    var core: RaftCore
    var disk: Disk
    /// What the node began with.
    let start: SnapshotMetadata
    var isDown = false
  }

  mutating func print(_ text: String) {
    if !isQuiet { printed += text }
  }

  /// Indents what is printed meanwhile.
  mutating func indented<Failure>(
    _ body: (inout Group) throws(Failure) -> Void
  ) throws(Failure) {
    let before = printed
    printed = ""
    defer {
      let lines = printed.split(separator: "\n", omittingEmptySubsequences: false)
      let full = lines.last == "" ? lines.dropLast() : lines[...]
      printed = before + full.map { "  \($0)\n" }.joined()
    }
    try body(&self)
  }

  /// What a replica says of an input that a transcript shows; other refusals are only logged there.
  func text(of refusal: RaftRefusal) -> String? {
    switch refusal {
    case .noLeader, .notLeader, .notMember, .transferInProgress, .busy, .emptyProposal:
      "raft proposal dropped"
    case .unknownReplica: "raft: cannot step as peer not found"
    case .acknowledgedEntriesLost(let last, let counted):
      "refused: last entry is \(last), the leader counts \(counted)"
    case .conflictsWithCommitted(let index, let committed):
      "refused: conflict at \(index), committed \(committed)"
    default: nil
    }
  }

  func place(_ replica: ReplicaID, _ command: Command) throws(TranscriptError) -> Int {
    guard replica.rawValue >= 1, replica.rawValue <= UInt64(nodes.count) else {
      throw command.complaint("there is no node \(replica)")
    }
    return Int(replica.rawValue) - 1
  }

  /// The nodes that a command names, in its order.
  func places(_ command: Command) throws(TranscriptError) -> [Int] {
    var places: [Int] = []
    for text in command.plain {
      places.append(try place(ReplicaID(try command.number(text)), command))
    }
    return places
  }

  func firstPlace(_ command: Command) throws(TranscriptError) -> Int {
    guard let text = command.plain.first else { throw command.complaint("names no node") }
    return try place(ReplicaID(try command.number(text)), command)
  }
}
