import AionRaftTranscript
import ArgumentParser
import Foundation

@main
struct RaftTranscript: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "raft-transcript",
    abstract: "Run raft interaction transcripts and compare what they print.",
    discussion: """
      A transcript is a text file of commands, each followed by ---- and what it prints. Lines of \
      a logger (DEBUG, INFO, WARN, ERROR, FATAL) are not compared. Exit code 0: all passed; 1: \
      some failed; 64: usage.
      """)

  @Flag(help: "Write what was printed into the files.")
  var rewrite = false

  @Argument(
    help: """
      Files, or folders of .txt files. Without any: ../shared/conformance/raft-interaction, where \
      it exists, and fixtures/raft.
      """)
  var paths: [String] = []

  func run() throws {
    let files = try TranscriptFiles.files(
      at: paths.isEmpty ? TranscriptFiles.standardPaths() : paths)
    var failed = 0
    for file in files where try !runs(file) { failed += 1 }
    print("\(files.count - failed) passed, \(failed) failed")
    if failed > 0 { throw ExitCode(1) }
  }

  /// Runs one file; prints a diff for each block that differs. A rewritten file has passed.
  private func runs(_ file: URL) throws -> Bool {
    let text = try String(contentsOf: file, encoding: .utf8)
    let transcript: Transcript
    do {
      transcript = try Transcript(parsing: text)
    } catch {
      print("\(file.relativePath): \(error)")
      return false
    }
    let result = transcript.run()
    let rewritten = result.rewritten.text
    if rewrite, rewritten != text {
      try rewritten.write(to: file, atomically: true, encoding: .utf8)
      print("rewrote \(file.relativePath)")
    }
    if rewrite { return true }
    for failure in result.failures { report(failure, in: file) }
    return result.isPassed
  }

  private func report(_ failure: TranscriptRun.BlockResult, in file: URL) {
    let place = "\(file.relativePath):\(failure.block.line)"
    print("--- \(place) \(failure.block.command)\n+++ printed")
    let diff = UnifiedDiff(from: failure.expected, to: failure.printed)
    print(diff.text(firstLine: 1), terminator: "")
  }
}
