import AionModel
import AionRaft

/// Writes steps as the commands of an interaction transcript. It takes every step again, to learn
/// where each message stands among those in flight and how often a replica has something to do.
struct TranscriptWriter {
  private(set) var text = ""
  private(set) var replicas: [Replica] = []
  private var inFlight: [Message] = []

  init(_ bounds: Bounds) {
    let options =
      "prevote=\(bounds.preVote) checkquorum=\(bounds.checkQuorum)"
      + " step-down-on-removal=hand-over election-ticks=2 election-jitter=1"
      + (bounds.splitsEntries ? " max-size-per-msg=0" : "")
    let voters = bounds.start.membership.voters.map(\.description).joined(separator: ",")
    write("add-nodes \(bounds.voters) voters=(\(voters)) index=2 \(options)")
    if bounds.nodes > bounds.voters {
      write("add-nodes \(bounds.nodes - bounds.voters) \(options)")
    }
    replicas = bounds.ids.compactMap { id in
      try? Replica(id: id, options: bounds.options, seed: id.rawValue, start: bounds.start(of: id))
    }
  }

  mutating func comment(_ line: String) { text += "# \(line)\n" }

  private mutating func write(_ command: String, below line: String? = nil) {
    text += command + "\n" + (line.map { $0 + "\n" } ?? "") + "----\n\n"
  }

  // MARK: - Steps

  /// A step that violates something is written down as far as it goes.
  mutating func write(_ step: Counterexample.Step) throws(Violation) {
    if case .deliver(let message) = step.stimulus {
      guard try writeMessage(message, step) else { return }
    } else {
      try writeIntention(step)
    }
    try settle(step.node, step.crash)
  }

  /// Tells whether the replica has taken it.
  private mutating func writeMessage(
    _ message: Message, _ step: Counterexample.Step
  ) throws(Violation) -> Bool {
    guard let place = inFlight.firstIndex(of: message) else { return false }
    switch step.network {
    case .duplicates: write("duplicate-msg \(place + 1)")
    case .drops: write("drop-msg \(place + 1)")
    default: write("deliver-msg \(place + 1)")
    }
    if step.network != .duplicates { inFlight.remove(at: place) }
    guard step.network != .drops else { return false }
    try replicas[step.node].receive(step.stimulus)
    return true
  }

  private mutating func writeIntention(_ step: Counterexample.Step) throws(Violation) {
    let node = step.node + 1
    switch step.stimulus {
    case .deliver: break
    case .tick: write("tick \(node) 1")
    case .timeout:
      let ticks = try replicas[step.node].timeOut()
      return write("tick \(node) \(ticks)")
    case .propose(let number):
      write("propose \(node) \(String(decoding: Stimulus.command(number), as: UTF8.self))")
    case .change(let change):
      write("propose-conf-change \(node)\(change.transitionText)", below: change.stepsText)
    case .transfer(let target): write("transfer-leadership from=\(node) to=\(target)")
    case .read(let number): write("read-index \(node) \(Stimulus.readID(number))")
    case .compact: write("compact \(node) \(replicas[step.node].applied)")
    case .crash: writeCrash(step.node)
    case .restart: write("restart \(node)")
    }
    try replicas[step.node].receive(step.stimulus)
  }

  /// A commit index that was not synced is lost.
  private mutating func writeCrash(_ node: Int) {
    write("crash \(node + 1) commit=\(replicas[node].disk.hardState.commit)")
  }

  private mutating func settle(_ node: Int, _ crash: CrashPoint?) throws(Violation) {
    var syncs = 0
    while !replicas[node].isDown, replicas[node].core.hasOutput {
      inFlight += try replicas[node].write()
      if replicas[node].pending.first?.isDurable == true {
        if let crash, crash.sync == syncs { return try crashDuringOutput(node, crash) }
        syncs += 1
      }
      write("process-ready \(node + 1) apply=last")
      send(try replicas[node].complete().messages)
    }
  }

  /// Transcripts put acknowledgements last.
  private mutating func send(_ messages: [Message]) {
    inFlight += messages.filter { !$0.isAcknowledgement } + messages.filter(\.isAcknowledgement)
  }

  private mutating func crashDuringOutput(
    _ node: Int, _ point: CrashPoint
  ) throws(Violation) {
    if case .afterSync = point {
      write("process-ready \(node + 1) crash=after-sync")
      replicas[node].saveOldest()
    } else {
      write("process-ready \(node + 1) crash=before-sync")
    }
    writeCrash(node)
    try replicas[node].crash()
  }
}

extension ConfigurationChange {
  fileprivate var transitionText: String {
    switch transition {
    case .automatic: ""
    case .implicit: " transition=implicit"
    case .explicit: " transition=explicit"
    }
  }

  fileprivate var stepsText: String {
    steps.map { step in
      switch step {
      case .addVoter(let replica): "v\(replica)"
      case .addLearner(let replica): "l\(replica)"
      case .remove(let replica): "r\(replica)"
      case .update(let replica): "u\(replica)"
      }
    }.joined(separator: " ")
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

extension Counterexample {
  /// An interaction transcript that leads to the violation: blocks of a command each. Whoever runs
  /// them fills in what they print.
  package var transcript: String {
    var writer = TranscriptWriter(bounds)
    do throws(Violation) {
      for step in steps { try writer.write(step) }
    } catch {
      writer.comment("Here: \(error)")
    }
    writer.comment("\(violation)")
    return writer.text
  }
}
