import AionLog
import AionModel
import AionNode
import AionRaft
import Testing

extension Group {
  /// Where in a replica's files a bit rots.
  enum Place {
    /// The first byte of the oldest segment: nothing is left of the log.
    case beginning
    /// The last batch of the newest segment.
    case newestBatch
    case byte(Int, of: String)
  }

  /// The power goes, and when it is back a bit has rotted.
  func rot(_ id: ReplicaID, _ place: Place) throws {
    crash(id)
    let disk = try #require(disks[id])
    let segments = disk.paths.filter { $0.hasSuffix(".log") }
    switch place {
    case .beginning: try flip(0, of: try #require(segments.first), on: disk)
    case .newestBatch:
      let path = try #require(segments.last)
      let bytes = try #require(disk.contents(of: path))
      try flip(try #require(bytes.lastIndex { $0 != 0 }) - 1, of: path, on: disk)
    case .byte(let byte, let path): try flip(byte, of: path, on: disk)
    }
  }

  private func flip(_ byte: Int, of path: String, on disk: InMemoryDisk) throws {
    var bytes = try #require(disk.contents(of: path))
    bytes[byte] ^= 1 << UInt8(byte % 8)
    disk.setContents(of: path, to: bytes)
  }

  /// Opens a founder again.
  func reopen(_ id: ReplicaID, of count: Int) throws {
    try open(id, .bootstrap((1...UInt64(count)).map { ReplicaID($0) }))
  }

  func isRecovering(_ id: ReplicaID) -> Bool { self[id].status.recovery != nil }

  /// Whether a replica knows another by the very life that it is in.
  func lead(by id: ReplicaID) {
    for _ in 0..<20 where leader?.node.identity.replica != id {
      guard let leader = leader?.node.identity.replica else { return run(ticks: 20) }
      with(leader) { try? $0.node.transferLeadership(to: id, effects: &$0.effects) }
      run(ticks: 5)
    }
  }
}

extension Envelope {
  /// What only a whole replica may say.
  var isVoting: Bool {
    guard case .raft(let message) = body else { return false }
    switch message.body {
    case .vote, .preVote, .timeoutNow: return true
    case .voteReply(_, let answer), .preVoteReply(_, let answer): return answer == .granted
    default: return false
    }
  }

  var isReadmission: Bool {
    if case .readmission = body { true } else { false }
  }
}
