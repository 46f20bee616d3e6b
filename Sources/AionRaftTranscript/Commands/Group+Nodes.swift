import AionModel
import AionRaft

extension Group {
  /// `add-nodes 3 voters=(1,2,3) learners=(4) index=2 …`: the next ids, all with the same
  /// options. Without an index they are empty and wait to be added.
  mutating func addNodes(_ command: Command) throws(TranscriptError) {
    let count = try command.number(command.plain.first ?? "")
    var options = RaftOptions.transcript
    for argument in command.arguments {
      if let value = argument.values.first {
        try options.set(argument.key, to: value, command)
      }
    }
    let start = try snapshot(command)
    for _ in 0..<count {
      let id = ReplicaID(UInt64(nodes.count) + 1)
      nodes.append(
        Node(
          core: try makeCore(id, options, Disk(start), command), disk: Disk(start), start: start))
    }
  }

  private func snapshot(_ command: Command) throws(TranscriptError) -> SnapshotMetadata {
    var membership = Membership()
    for text in command.values("voters") ?? [] {
      membership.voters.append(ReplicaID(try command.number(text)))
    }
    for text in command.values("learners") ?? [] {
      membership.learners.append(ReplicaID(try command.number(text)))
    }
    let isNew = membership == Membership() && command.value("index") == nil
    guard !isNew else { return SnapshotMetadata(position: .zero, membership: membership) }
    let index = LogIndex(try command.number(command.value("index") ?? "0"))
    guard index > 1 else { throw command.complaint("index must be above 1") }
    return SnapshotMetadata(
      position: LogPosition(term: 1, index: index), membership: membership)
  }

  private func makeCore(
    _ id: ReplicaID, _ options: RaftOptions, _ disk: Disk, _ command: Command
  ) throws(TranscriptError) -> RaftCore {
    do throws(RaftStartError) {
      return try RaftCore(
        id: id, options: options, seed: id.rawValue, snapshot: disk.snapshot,
        hardState: disk.hardState,
        entries: disk.entries.filter { $0.index > disk.snapshot.position.index })
    } catch {
      throw command.complaint("\(error)")
    }
  }

  /// `crash 2`: the node forgets everything but its disk, and hears nothing until `restart 2`. With
  /// `wipe=true` the disk is lost too, and comes back as it was when the node was added; with
  /// `commit=4` a newer commit index, which need not be synced, is lost.
  mutating func crash(_ command: Command) throws(TranscriptError) {
    let isWiped = try command.flag(command.value("wipe") ?? "false")
    for place in try places(command) {
      nodes[place].isDown = true
      if isWiped { nodes[place].disk = Disk(nodes[place].start) }
      if let commit = command.value("commit") {
        nodes[place].disk.hardState.commit = LogIndex(try command.number(commit))
      }
    }
  }

  mutating func restart(_ command: Command) throws(TranscriptError) {
    for place in try places(command) {
      let node = nodes[place]
      nodes[place].core = try makeCore(node.core.id, node.core.options, node.disk, command)
      nodes[place].disk.applied = node.disk.snapshot
      nodes[place].isDown = false
    }
  }

  /// `compact 1 17`: entry 17 and those before it are forgotten.
  mutating func compact(_ command: Command) throws(TranscriptError) {
    let place = try firstPlace(command)
    guard command.plain.count == 2 else { throw command.complaint("needs a node and an index") }
    let index = LogIndex(try command.number(command.plain[1]))
    guard index > nodes[place].disk.compacted else {
      return print("requested index is unavailable due to compaction")
    }
    guard index <= nodes[place].core.applied else {
      throw command.complaint("\(index) is not applied")
    }
    nodes[place].disk.compact(through: index)
    nodes[place].core.compact(through: index)
    printLog(place)
  }
}

extension RaftOptions {
  /// What transcripts begin with: an election timeout of three ticks and no limits.
  static var transcript: RaftOptions {
    var options = RaftOptions()
    options.electionTicks = 3
    options.electionJitterTicks = 3
    options.heartbeatTicks = 1
    options.preVote = false
    options.checkQuorum = false
    options.removedLeader = .stays
    options.maximumMessageSize = RaftOptions.unlimited
    options.maximumApplyingSize = RaftOptions.unlimited
    options.maximumUncommittedSize = RaftOptions.unlimited
    options.maximumInflightMessages = Int(Int32.max)
    options.maximumInflightSize = RaftOptions.unlimited
    return options
  }

  fileprivate mutating func set(
    _ key: String, to value: String, _ command: Command
  ) throws(TranscriptError) {
    switch key {
    case "voters", "learners", "index", "content": break
    case "prevote": preVote = try command.flag(value)
    case "checkquorum": checkQuorum = try command.flag(value)
    case "inflight": maximumInflightMessages = Int(try command.number(value))
    case "election-ticks": electionTicks = Int(try command.number(value))
    case "election-jitter": electionJitterTicks = Int(try command.number(value))
    case "max-inflight-bytes": maximumInflightSize = ByteCount(Int(try command.number(value)))
    case "max-size-per-msg": maximumMessageSize = ByteCount(Int(try command.number(value)))
    case "max-committed-size-per-ready":
      maximumApplyingSize = ByteCount(Int(try command.number(value)))
    case "max-uncommitted-size":
      maximumUncommittedSize = ByteCount(Int(try command.number(value)))
    case "disable-conf-change-validation":
      checksConfigurationChanges = try !command.flag(value)
    case "disable-proposal-forwarding": forwardsProposals = try !command.flag(value)
    case "step-down-on-removal":
      if value == "hand-over" {
        removedLeader = .handsOver
      } else {
        removedLeader = try command.flag(value) ? .stepsDown : .stays
      }
    case "read-only":
      guard ["safe", "lease-based"].contains(value) else {
        throw command.complaint("invalid read-only option \"\(value)\"")
      }
      readMode = value == "safe" ? .safe : .lease
    default: throw command.complaint("unknown option \(key)")
    }
  }
}
