/// What became of one transcript.
public struct TranscriptRun: Sendable {
  public var blocks: [BlockResult]
  /// The transcript with what was printed in the place of what was expected.
  public var rewritten: Transcript

  /// What a block was to print and what it printed.
  public struct BlockResult: Sendable {
    public var block: Transcript.Block
    public var expected: [String]
    public var printed: [String]

    public var isPassed: Bool { expected == printed }
  }

  public var failures: [BlockResult] { blocks.filter { !$0.isPassed } }
  public var isPassed: Bool { failures.isEmpty }
}

extension Transcript {
  /// Runs every block in order, on one group of replicas.
  public func run() -> TranscriptRun {
    var group = Group()
    var run = TranscriptRun(blocks: [], rewritten: self)
    for (place, part) in parts.enumerated() {
      guard case .block(var block) = part else { continue }
      let printed = Transcript.comparable(group.run(block))
      let result = TranscriptRun.BlockResult(
        block: block, expected: Transcript.comparable(block.expected), printed: printed)
      run.blocks.append(result)
      if !result.isPassed || block.expected.isEmpty {
        block.expected = printed
        run.rewritten.parts[place] = .block(block)
      }
    }
    return run
  }

  /// The lines that count: those of a logger do not, and a block left empty says `ok`.
  static func comparable(_ lines: [String]) -> [String] {
    let levels: Set = ["DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
    let kept = lines.filter { line in
      let first = line.split(separator: " ", maxSplits: 1).first
      return !levels.contains(first.map(String.init) ?? "")
    }
    return kept.isEmpty ? ["ok"] : kept
  }
}
