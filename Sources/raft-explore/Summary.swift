import AionRaftExplorer
import Foundation

/// What an exploration found, for people and for programs.
struct Summary: Encodable {
  let outcome: String
  let states: Int
  let depth: Int
  let seconds: Double
  let statesPerSecond: Int
  let transitions: Int
  let cut: Int
  let waiting: Int
  let replicaStates: Int
  let messages: Int
  let histories: Int
  let mebibytes: Int

  init(_ report: Report, _ duration: Duration) {
    outcome = report.outcome.text
    states = report.states
    depth = report.depth
    seconds = (duration.seconds * 1000).rounded() / 1000
    statesPerSecond = Int(Double(report.states) / max(duration.seconds, 0.001))
    transitions = report.transitions
    cut = report.cut
    waiting = report.waiting
    replicaStates = report.replicaStates
    messages = report.messages
    histories = report.ledgers
    mebibytes = report.bytes >> 20
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  var text: String {
    """
    \(outcome)
    states        \(states), waiting \(waiting)
    depth         \(depth)
    transitions   \(transitions), beyond the bounds \(cut)
    of replicas   \(replicaStates) states, \(messages) messages, \(histories) histories
    memory        \(mebibytes) MiB
    time          \(seconds) s, \(statesPerSecond) states/s
    """
  }
}

extension Report.Outcome {
  fileprivate var text: String {
    switch self {
    case .exhausted: "exhausted: every state within the bounds, no violation"
    case .stopped(let stop): "stopped by the limit on \(stop.rawValue), no violation"
    case .violated(let counterexample):
      "violated after \(counterexample.length) steps: \(counterexample.violation)"
    }
  }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}

/// A line on standard error every few seconds.
struct ProgressLine {
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant

  init(_ start: ContinuousClock.Instant) {
    self.start = start
    last = start
  }

  mutating func show(_ report: Report) {
    let now = ContinuousClock.now
    guard last.duration(to: now) >= .seconds(5) else { return }
    last = now
    let line =
      "\(Int(start.duration(to: now).seconds)) s: \(report.states) states, depth \(report.depth),"
      + " \(report.waiting) waiting, \(report.bytes >> 20) MiB\n"
    FileHandle.standardError.write(Data(line.utf8))
  }
}
