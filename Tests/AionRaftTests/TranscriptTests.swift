import AionRaftTranscript
import Foundation
import Testing

@Suite("Transcripts")
struct TranscriptTests {
  /// This file is Tests/AionRaftTests/TranscriptTests.swift of the checkout.
  static let checkout = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  static func files() throws -> [URL] {
    try TranscriptFiles.files(at: TranscriptFiles.standardPaths(checkout: checkout))
  }

  @Test("A transcript prints what it says", arguments: try files())
  func replays(file: URL) throws {
    let run = try Transcript(parsing: String(contentsOf: file, encoding: .utf8)).run()
    for failure in run.failures {
      let diff = UnifiedDiff(from: failure.expected, to: failure.printed).text(firstLine: 1)
      Issue.record(
        """
        \(file.lastPathComponent):\(failure.block.line) \(failure.block.command)
        \(diff)repeat with: tools/raft-transcript \(file.path)
        """)
    }
  }

  @Test("A transcript that was read is written as it was")
  func roundTrips() throws {
    for file in try Self.files() {
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(try Transcript(parsing: text).text == text, "\(file.path)")
    }
  }

  @Test("A wrong expectation fails, and a logger's lines do not count")
  func comparesLines() throws {
    let text = """
      # A lone voter.
      add-nodes 1 voters=(1) index=3
      ----
      INFO whatever a logger says

      raft-state
      ----
      1: StateLeader (Voter) Term:0 Lead:0

      no-such-command
      ----
      unknown command
      """
    let run = try Transcript(parsing: text).run()
    #expect(run.blocks.map(\.isPassed) == [true, false, true])
    #expect(run.failures.first?.block.line == 6)
    #expect(run.rewritten.text.contains("1: StateFollower (Voter) Term:0 Lead:0"))
    #expect(run.rewritten.text.contains("INFO whatever"))
  }

  @Test("Text with blank lines stands between doubled separators")
  func fencesBlankLines() throws {
    let text = "cmd\n----\n----\na\n\nb\n----\n----\n"
    let transcript = try Transcript(parsing: text)
    #expect(transcript.blocks.first?.expected == ["a", "", "b"])
    #expect(transcript.text == text)
  }

  @Test("A command without a separator is refused with its line")
  func refusesBrokenFiles() {
    #expect(throws: TranscriptError.missingSeparator(line: 2)) {
      try Transcript(parsing: "# comment\nstatus 1\n")
    }
  }

  @Test("A diff shows what was expected, what was printed, and where")
  func diffs() {
    let expected = ["a", "b", "c", "d", "e", "f"]
    let printed = ["a", "x", "c", "d", "e", "f"]
    let diff = UnifiedDiff(from: expected, to: printed)
    #expect(diff.text(firstLine: 10) == "@@ -10,5 +10,5 @@\n a\n-b\n+x\n c\n d\n e\n")
  }
}
