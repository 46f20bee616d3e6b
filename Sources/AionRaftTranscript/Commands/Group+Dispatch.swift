import AionModel
import AionRaft

extension Group {
  /// Runs a block's command and returns what it prints.
  mutating func run(_ block: Transcript.Block) -> [String] {
    printed = ""
    do throws(TranscriptError) {
      try handle(block)
    } catch {
      if isQuiet { return [error.description] }
      printed += error.description
    }
    var lines = printed.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  /// The lines below a command are further commands, but for a membership change, which they spell.
  private mutating func handle(_ block: Transcript.Block) throws(TranscriptError) {
    let command = try Command(parsing: block.command)
    if command.name == "propose-conf-change" {
      return try proposeConfiguration(command, steps: block.input)
    }
    try handle(command)
    for line in block.input { try handle(Command(parsing: line)) }
  }

  private mutating func handle(_ command: Command) throws(TranscriptError) {
    switch command.name {
    case "_breakpoint": break
    case "log-level": try setLevel(command)
    // Nodes
    case "add-nodes": try addNodes(command)
    case "crash": try crash(command)
    case "restart": try restart(command)
    case "compact": try compact(command)
    // Time and intentions
    case "tick": try tick(command)
    case "tick-election": try tick(command) { $0.electionTicks }
    case "tick-heartbeat": try tick(command) { $0.heartbeatTicks }
    case "set-randomized-election-timeout": try setElectionTimeout(command)
    case "campaign": try step(command, .campaign)
    case "propose": try propose(command)
    case "read-index": try readIndex(command)
    case "transfer-leadership": try transferLeadership(command)
    case "forget-leader": try step(command, .forgetLeader)
    case "report-unreachable": try report(command) { .unreachable($0) }
    case "report-lost": try report(command) { .lost($0) }
    case "report-snapshot": try reportSnapshot(command)
    // Work
    case "process-ready": try processReady(command)
    case "deliver-msgs": try deliverMessages(command)
    case "deliver-msg", "duplicate-msg", "drop-msg": try handleMessage(command)
    case "stabilize": try stabilize(command)
    case "send-snapshot": try sendSnapshot(command)
    case "partition": try partition(command)
    case "heal": cutOff = []
    // Looking
    case "raft-log": printLog(try firstPlace(command))
    case "raft-state": for node in nodes where !node.isDown { print(node.core.status.stateText) }
    case "membership":
      print(nodes[try firstPlace(command)].core.membership.transcriptText + "\n")
    case "status": print(nodes[try firstPlace(command)].core.status.progressText)
    default: throw .unknownCommand(command.name)
    }
  }

  private mutating func setLevel(_ command: Command) throws(TranscriptError) {
    try setLevel(command.plain.first ?? "", command)
  }

  /// The logger's own lines are never printed; `none` silences everything but mistakes.
  mutating func setLevel(_ level: String, _ command: Command) throws(TranscriptError) {
    let levels = ["DEBUG", "INFO", "WARN", "ERROR", "FATAL", "NONE"]
    guard levels.contains(level.uppercased()) else {
      throw command.complaint("log levels must be either of \(levels.joined(separator: " "))")
    }
    isQuiet = level.uppercased() == "NONE"
  }

  mutating func printLog(_ place: Int) {
    let disk = nodes[place].disk
    if disk.entries.isEmpty {
      print("log is empty: first index=\(disk.first), last index=\(disk.last)")
    }
    for entry in disk.entries { print(entry.transcriptText + "\n") }
  }
}
