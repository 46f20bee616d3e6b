import AionRaft
import AionRaftExplorer
import AionRaftTranscript
import ArgumentParser

struct GroupOptions: ParsableArguments {
  @Option(help: "Replicas, from 1 to 4.") var nodes = 3
  @Option(help: "How many of them vote from the start; all, unless given.") var voters: Int?
  @Option(help: "The highest term.") var terms = 3
  @Option(help: "Messages in flight at a time.") var inFlight = 6
  @Flag(help: "Send each entry in a message of its own.") var splitEntries = false
  @Flag(help: "Ask before campaigning.") var preVote = false
  @Flag(help: "Leaders step down without a quorum, and votes are refused inside a lease.")
  var checkQuorum = false
  @Option(
    help: """
      A membership change that may be proposed, as in transcripts: "v3", "r1 v3", \
      "explicit r1 l2", "" to leave a joint configuration. May be repeated.
      """)
  var change: [String] = []

  func set(_ bounds: inout Bounds) throws {
    bounds.nodes = nodes
    bounds.voters = voters ?? nodes
    bounds.terms = terms
    bounds.inFlight = inFlight
    bounds.splitsEntries = splitEntries
    bounds.preVote = preVote
    bounds.checkQuorum = checkQuorum
    bounds.changes = try change.map { text in
      guard let change = ConfigurationChange(words: text) else {
        throw ValidationError("\"\(text)\" is no membership change")
      }
      return change
    }
  }
}

extension ConfigurationChange {
  init?(words text: String) {
    self.init(steps: [])
    var words = text.split(separator: " ")[...]
    switch words.first {
    case "implicit": transition = .implicit
    case "explicit": transition = .explicit
    default: transition = .automatic
    }
    if transition != .automatic { words = words.dropFirst() }
    for word in words {
      guard let step = Step(transcriptText: String(word)) else { return nil }
      steps.append(step)
    }
  }
}

struct LimitOptions: ParsableArguments {
  @Option(help: "Proposals.") var entries = 2
  @Option(help: "Elections by timeout.") var timeouts = 3
  @Option(help: "Crashes; a replica that has crashed may be restarted at any time.")
  var crashes = 1
  @Option(help: "Messages dropped. One that is never delivered is as good as dropped, for nothing.")
  var drops = 0
  @Option(help: "Messages delivered and kept.") var duplicates = 0
  @Option(help: "Single ticks: heartbeats of a leader.") var ticks = 0
  @Option(help: "Membership changes; as many as --change names, unless given.")
  var changes: Int?
  @Option(help: "Leadership transfers.") var transfers = 0
  @Option(help: "Reads, asked of any replica that knows a leader.") var reads = 0
  @Option(help: "Snapshots, each followed by the removal of the log.") var compactions = 0

  func set(_ bounds: inout Bounds) {
    bounds.limits[.proposal] = entries
    bounds.limits[.timeout] = timeouts
    bounds.limits[.crash] = crashes
    bounds.limits[.drop] = drops
    bounds.limits[.duplicate] = duplicates
    bounds.limits[.tick] = ticks
    bounds.limits[.change] = changes ?? bounds.changes.count
    bounds.limits[.transfer] = transfers
    bounds.limits[.read] = reads
    bounds.limits[.compaction] = compactions
  }

  func validate() throws {
    let all = [
      entries, timeouts, crashes, drops, duplicates, ticks, changes ?? 0, transfers, reads,
      compactions,
    ]
    guard all.allSatisfy({ (0...Tally.highest).contains($0) }) else {
      throw ValidationError("Each limit is from 0 to \(Tally.highest).")
    }
  }
}

struct StopOptions: ParsableArguments {
  @Option(help: "States.") var maxStates: Int?
  @Option(help: "Steps from the start.") var maxDepth: Int?
  @Option(help: "Memory of the tables, in MiB.") var memory = 8192
  @Option(help: "Seconds.") var seconds: Int?

  var conditions: StopConditions {
    var conditions = StopConditions()
    if let maxStates { conditions.states = min(maxStates, conditions.states) }
    if let maxDepth { conditions.depth = maxDepth }
    conditions.bytes = memory << 20
    return conditions
  }

  func validate() throws {
    guard memory > 0, (maxStates ?? 1) > 0, (maxDepth ?? 1) > 0, (seconds ?? 1) > 0 else {
      throw ValidationError("--memory, --max-states, --max-depth and --seconds are above 0.")
    }
  }
}
