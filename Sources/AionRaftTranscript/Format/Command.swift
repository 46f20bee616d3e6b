/// One command line: `name argument key=value key=(value,value)`.
struct Command: Hashable, Sendable {
  let name: String
  let arguments: [Argument]

  struct Argument: Hashable, Sendable {
    let key: String
    let values: [String]
  }

  init(parsing line: String) throws(TranscriptError) {
    var words = Command.words(of: line)[...]
    guard let name = words.popFirst() else { throw .unknownCommand(line) }
    self.name = name
    arguments = words.map { word in
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return Argument(key: word, values: []) }
      return Argument(key: String(parts[0]), values: Command.values(of: parts[1]))
    }
  }

  /// Splits at blanks that are not in parentheses.
  private static func words(of line: String) -> [String] {
    var words: [String] = []
    var word = ""
    var depth = 0
    for character in line {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character.isWhitespace, depth == 0 {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    return word.isEmpty ? words : words + [word]
  }

  private static func values(of text: Substring) -> [String] {
    guard text.hasPrefix("("), text.hasSuffix(")") else { return [String(text)] }
    return text.dropFirst().dropLast().split { $0 == "," || $0.isWhitespace }.map(String.init)
  }

  /// Arguments without `=`.
  var plain: [String] { arguments.filter { $0.values.isEmpty }.map(\.key) }

  func values(_ key: String) -> [String]? { arguments.first { $0.key == key }?.values }

  func value(_ key: String) -> String? { values(key)?.first }

  func complaint(_ text: String) -> TranscriptError { .badArguments(command: name, text) }

  func number(_ text: String) throws(TranscriptError) -> UInt64 {
    guard let number = UInt64(text) else { throw complaint("\(text) is not a number") }
    return number
  }

  func flag(_ text: String) throws(TranscriptError) -> Bool {
    guard let flag = Bool(text) else { throw complaint("\(text) is neither true nor false") }
    return flag
  }
}
