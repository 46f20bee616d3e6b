import AionLog
import AionModel
import AionRaft
import ArgumentParser

struct Dump: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print every entry: index, term, time, command in words.",
    discussion: """
      Entries come in the order of the files. Where a later batch replaces the end of the log, a \
      line says so before it. Exit codes as for verify, as far as the log was read.
      """)

  @Argument(help: "The data directory.")
  var directory: String

  @Option(help: "The first index to print.")
  var from: UInt64 = 1

  @Option(help: "The last index to print.")
  var to: UInt64 = .max

  @Flag(help: "One JSON object a line instead of text.")
  var json = false

  func validate() throws {
    guard from <= to else { throw ValidationError("--from \(from) is after --to \(to)") }
  }

  func run() throws {
    try reportingFaults {
      let data = try DataDirectory(path: directory)
      var scanner = try data.scanner(after: LogIndex(from == 0 ? 0 : from - 1))
      var output = Output()
      if !json { output.line(EntryDescription.heading) }
      var last = LogIndex.zero
      while let event = try scanner.next() {
        switch event {
        case .batch(_, let batch): try print(batch, after: &last, to: &output)
        case .torn(let tail):
          output.flush()
          writeError("aionlog: \(tail.explanation)")
          return .torn
        case .segment, .seal, .segmentEnd: break
        }
      }
      return .clean
    }
  }

  private func print(
    _ batch: LogBatch, after last: inout LogIndex, to output: inout Output
  ) throws {
    if let first = batch.entries.first, first.index <= last, !json, isWanted(first.index) {
      output.line("-- from here on \(first.index)...\(last) are replaced")
    }
    for entry in batch.entries where isWanted(entry.index) {
      let description = EntryDescription(entry)
      if json { try output.json(description) } else { output.line(description.line) }
    }
    last = batch.entries.last?.index ?? last
  }

  private func isWanted(_ index: LogIndex) -> Bool {
    (from...to).contains(index.rawValue)
  }
}

extension TornTail {
  var explanation: String {
    let size = range.upperBound - range.lowerBound
    return
      "\(file) at byte \(range.lowerBound.bytes), after index \(after): a crash left \(size) of "
      + "a batch incomplete (\(finding)). It was never acknowledged; the next start drops it"
  }
}
