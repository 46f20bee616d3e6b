/// Splits Swift source into code and comments of the same shape, so that a rule about code is not
/// fooled by a word in a comment or a string. Code inside an interpolation counts as code.
struct CodeAndComments {
  private(set) var code: String
  private(set) var comments: String

  private var source: [UInt8]
  private var position = 0
  private var codeBytes: [UInt8]
  private var commentBytes: [UInt8]
  /// What surrounds `position`, innermost last; empty means plain code.
  private var enclosing: [Enclosure] = []

  private enum Enclosure {
    case string(hashes: Int, isMultiline: Bool)
    case interpolation(openParentheses: Int)
  }

  init(of text: String) {
    source = Array(text.utf8)
    let blank = source.map { $0 == newline ? newline : space }
    codeBytes = blank
    commentBytes = blank
    code = ""
    comments = ""
    while position < source.count { advance() }
    code = String(decoding: codeBytes, as: UTF8.self)
    comments = String(decoding: commentBytes, as: UTF8.self)
  }

  private mutating func advance() {
    if case .string(let hashes, let isMultiline) = enclosing.last {
      advanceInString(hashes: hashes, isMultiline: isMultiline)
    } else if starts(with: "//") {
      while position < source.count, source[position] != newline { copyToComments() }
    } else if starts(with: "/*") {
      advanceOverBlockComment()
    } else if let hashes = hashesBeforeQuote() {
      openString(hashes: hashes)
    } else if closesInterpolation() {
      enclosing.removeLast()
      position += 1
    } else {
      copyToCode()
    }
  }

  private mutating func advanceOverBlockComment() {
    var depth = 0
    repeat {
      let step = starts(with: "/*") ? 1 : starts(with: "*/") ? -1 : 0
      depth += step
      for _ in 0..<(step == 0 ? 1 : 2) { copyToComments() }
    } while depth > 0 && position < source.count
  }

  private mutating func openString(hashes: Int) {
    position += hashes
    let isMultiline = starts(with: "\"\"\"")
    for _ in 0..<(isMultiline ? 3 : 1) { copyToCode() }
    enclosing.append(.string(hashes: hashes, isMultiline: isMultiline))
  }

  private mutating func advanceInString(hashes: Int, isMultiline: Bool) {
    let fence = String(repeating: "#", count: hashes)
    let quotes = isMultiline ? "\"\"\"" : "\""
    if starts(with: "\\" + fence + "(") {
      position += 2 + hashes
      enclosing.append(.interpolation(openParentheses: 0))
    } else if starts(with: "\\" + fence) {
      position += 2 + hashes
    } else if starts(with: quotes + fence) {
      for _ in quotes.utf8 { copyToCode() }
      position += hashes
      enclosing.removeLast()
    } else {
      // A newline ends a one-line literal even when the quote was forgotten.
      if !isMultiline, source[position] == newline { enclosing.removeLast() }
      position += 1
    }
  }

  /// Whether `position` is at the parenthesis that ends an interpolation; counts those that do not.
  private mutating func closesInterpolation() -> Bool {
    guard case .interpolation(let open) = enclosing.last else { return false }
    switch source[position] {
    case UInt8(ascii: "("):
      enclosing[enclosing.count - 1] = .interpolation(openParentheses: open + 1)
    case UInt8(ascii: ")") where open == 0:
      return true
    case UInt8(ascii: ")"):
      enclosing[enclosing.count - 1] = .interpolation(openParentheses: open - 1)
    default: break
    }
    return false
  }

  private func hashesBeforeQuote() -> Int? {
    var end = position
    while end < source.count, source[end] == UInt8(ascii: "#") { end += 1 }
    return end < source.count && source[end] == UInt8(ascii: "\"") ? end - position : nil
  }

  private func starts(with text: String) -> Bool {
    position < source.count && source[position...].starts(with: text.utf8)
  }

  private mutating func copyToCode() {
    codeBytes[position] = source[position]
    position += 1
  }

  private mutating func copyToComments() {
    commentBytes[position] = source[position]
    position += 1
  }
}

private let newline = UInt8(ascii: "\n")
private let space = UInt8(ascii: " ")
