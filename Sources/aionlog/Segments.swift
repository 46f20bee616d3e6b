import AionLog
import AionModel
import ArgumentParser

struct Segments: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the segments of the log, and the snapshots.",
    discussion: """
      RAW is what the records take unpacked, DISK what their LZ4 frames take, FILE the file with \
      headers and with what is preallocated. Exit codes as for verify, as far as files were read.
      """)

  @Argument(help: "The data directory.")
  var directory: String

  @Flag(help: "One JSON object instead of text.")
  var json = false

  func run() throws {
    try reportingFaults {
      let data = try DataDirectory(path: directory)
      let listing = try Listing(of: data)
      var output = Output()
      if json {
        try output.json(listing)
      } else {
        for line in listing.lines { output.line(line) }
      }
      output.flush()
      for fault in listing.faults { writeError("aionlog: \(fault)") }
      return listing.verdict
    }
  }
}
