/// An interaction file: blocks of a command, `----` and the text that it prints, with comments
/// and blank lines between them.
///
/// A block ends at a blank line. Where the text holds blank lines itself, a second `----` follows
/// the first, and two more end it.
public struct Transcript: Sendable {
  public var parts: [Part]

  /// A piece of the file.
  public enum Part: Sendable {
    /// Comments and blank lines, as they stand.
    case between(String)
    case block(Block)
  }

  /// A command with what it prints.
  public struct Block: Sendable {
    /// The line in the file on which the command stands, from 1.
    public var line: Int
    public var command: String
    /// The lines below the command.
    public var input: [String]
    public var expected: [String]
  }

  public init(parsing text: String) throws(TranscriptError) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    parts = []
    var place = 0
    while place < lines.count {
      if lines[place].isBlank || lines[place].hasPrefix("#") {
        parts.append(.between(lines[place]))
        place += 1
      } else {
        parts.append(.block(try Transcript.block(in: lines, at: &place)))
      }
    }
  }

  private static func block(
    in lines: [String], at place: inout Int
  ) throws(TranscriptError) -> Block {
    var block = Block(line: place + 1, command: lines[place], input: [], expected: [])
    place += 1
    while place < lines.count, lines[place] != "----" {
      block.input.append(lines[place])
      place += 1
    }
    guard place < lines.count else { throw .missingSeparator(line: block.line) }
    place += 1
    let isFenced = place < lines.count && lines[place] == "----"
    if isFenced { place += 1 }
    while place < lines.count {
      if isFenced, lines[place...].starts(with: ["----", "----"]) {
        place += 2
        break
      }
      if !isFenced, lines[place].isBlank { break }
      block.expected.append(lines[place])
      place += 1
    }
    return block
  }

  public var blocks: [Block] {
    parts.compactMap { part in
      if case .block(let block) = part { return block }
      return nil
    }
  }

  /// The file's text.
  public var text: String {
    parts.map { part in
      switch part {
      case .between(let line): line + "\n"
      case .block(let block): block.text
      }
    }.joined()
  }
}

extension Transcript.Block {
  fileprivate var text: String {
    let isFenced = expected.contains(where: \.isBlank)
    let fence = isFenced ? ["----", "----"] : []
    let lines = [command] + input + (isFenced ? fence : ["----"]) + expected + fence
    return lines.joined(separator: "\n") + "\n"
  }
}

extension String {
  var isBlank: Bool { allSatisfy(\.isWhitespace) }
}

/// What is wrong with a file or a command, as against what a replica refuses.
public enum TranscriptError: Error, Hashable, Sendable, CustomStringConvertible {
  case missingSeparator(line: Int)
  case unknownCommand(String)
  case badArguments(command: String, String)

  public var description: String {
    switch self {
    case .missingSeparator(let line): "line \(line): no ---- after the command"
    case .unknownCommand: "unknown command"
    case .badArguments(let command, let complaint): "\(command): \(complaint)"
    }
  }
}
