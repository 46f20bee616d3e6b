import AionHistory
import AionModel
import ArgumentParser
import Foundation

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check that every object is linearizable, and that log indexes keep their order.",
    discussion: """
      Several files are taken as one history of different clients, whose times are by one clock. \
      Exit codes: 0 linearizable; 1 violated; 2 undecided at a limit, or a file that cannot be \
      read; 64 usage.
      """)

  @Argument(help: "Histories, one event in JSON a line.")
  var files: [String]

  @Flag(help: "One JSON object instead of text.")
  var json = false

  @Option(help: "Configurations to look at for one object before it is left undecided.")
  var limit = LinearizabilityChecker().configurationLimit

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit is at least 1.") }
  }

  func run() throws {
    let judgement: Judgement
    do { judgement = try judge() } catch let problem as Unreadable {
      FileHandle.standardError.write(Data("aionhistory: \(problem)\n".utf8))
      throw ExitCode(2)
    }
    let output = json ? try judgement.json() : judgement.text
    FileHandle.standardOutput.write(Data((output + "\n").utf8))
    throw judgement.exitCode
  }

  private func judge() throws -> Judgement {
    let events = History.merged(try files.map(read))
    let name = files.joined(separator: ", ")
    do throws(HistoryFault) {
      let history = try History(events)
      var checker = LinearizabilityChecker()
      checker.configurationLimit = limit
      return Judgement(
        report: try checker.check(history),
        versions: VersionOrder.violations(in: events))
    } catch {
      throw Unreadable(file: name, problem: error.description)
    }
  }

  private func read(_ path: String) throws -> [HistoryEvent] {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw Unreadable(file: path, problem: "there is no such file, or it may not be read")
    }
    var reader = HistoryReader()
    do {
      while let piece = try file.read(upToCount: 1 << 18), !piece.isEmpty {
        try reader.read([UInt8](piece)[...])
      }
      try reader.finish()
    } catch let fault as HistoryFault {
      throw Unreadable(file: path, problem: fault.description)
    } catch {
      throw Unreadable(file: path, problem: error.localizedDescription)
    }
    return reader.events
  }
}

struct Unreadable: Error, CustomStringConvertible {
  var file: String
  var problem: String

  var description: String { "\(file): \(problem)" }
}
