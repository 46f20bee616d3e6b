import AionModel
import AionSimulation
import ArgumentParser
import Foundation

struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run many seeds, and tell what they met and what broke.",
    discussion: "Progress goes to standard error.")

  @Option(help: "The first seed.") var first: UInt64 = 1
  @Option(help: "How many seeds. (default: 100, or as many as the minutes allow)")
  var seeds: UInt64?
  @Option(help: "Stop after so many minutes.") var minutes: Double?
  @OptionGroup var options: ScenarioOptions
  @Flag(help: "Print the summary as JSON.") var json = false

  func validate() throws {
    guard minutes ?? 1 > 0 else { throw ValidationError("--minutes is above 0.") }
  }

  func run() throws {
    var total = SweepTotal(first: first)
    var progress = SweepProgress()
    for number in 0..<(seeds ?? (minutes == nil ? 100 : .max)) {
      let seed = first &+ number
      if let minutes, progress.seconds > minutes * 60 { break }
      Repetition.announce(options.command(seed))
      let report = options.load(seed).run(options.scenario(seed))
      total.add(report, command: options.command(seed))
      if let violation = report.violation {
        progress.say("seed \(seed) FAILED: \(violation)\nrepeat: \(options.command(seed))")
      }
      progress.show(total)
    }
    progress.end(total)
    print(json ? try total.json : total.text)
    if !total.failures.isEmpty { throw ExitCode(1) }
  }
}

/// What many runs came to.
struct SweepTotal: Encodable {
  struct Failure: Encodable {
    let seed: UInt64
    let violation: String
    let command: String
  }

  let first: UInt64
  private(set) var seeds = 0
  private(set) var simulatedSeconds = 0.0
  private(set) var events = 0
  private(set) var operations = 0
  private(set) var committed: UInt64 = 0
  private(set) var failures: [Failure] = []
  private(set) var coverage: [String: Int] = [:]
  private var situations = Situations()

  private enum CodingKeys: String, CodingKey {
    case first, seeds, simulatedSeconds, events, operations, committed, failures, coverage
  }

  init(first: UInt64) { self.first = first }

  mutating func add(_ report: RunReport, command: String) {
    seeds += 1
    simulatedSeconds += Double(report.duration.microseconds) / 1_000_000
    events += report.events
    operations += report.operations
    committed += report.committed.rawValue
    situations.add(report.situations)
    for row in Coverage(situations).rows { coverage[row.name] = row.count }
    guard let violation = report.violation else { return }
    failures.append(
      Failure(seed: report.scenario.seed, violation: violation.description, command: command))
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  var text: String {
    let hours = String(format: "%.2f", simulatedSeconds / 3_600)
    let lines = [
      "\(seeds) seeds from \(first), \(hours) simulated hours, \(operations) operations, "
        + "\(committed) entries committed, \(events) events",
      Coverage(situations).text,
    ]
    let ending =
      failures.isEmpty
      ? ["PASSED"]
      : failures.flatMap {
        ["FAILED seed \($0.seed): \($0.violation)", "repeat: \($0.command)"]
      }
    return (lines + ending).joined(separator: "\n")
  }
}

/// A line on standard error every few seconds.
struct SweepProgress {
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now

  var seconds: Double { start.duration(to: .now) / .seconds(1) }

  mutating func show(_ total: SweepTotal) {
    guard last.duration(to: .now) >= .seconds(5) else { return }
    last = .now
    end(total)
  }

  func end(_ total: SweepTotal) {
    let speed = Int(total.simulatedSeconds / max(seconds, 0.001))
    say(
      "\(Int(seconds)) s: \(total.seeds) seeds, \(Int(total.simulatedSeconds)) simulated seconds, "
        + "\(speed) times real speed, \(total.failures.count) failures")
  }

  func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}
