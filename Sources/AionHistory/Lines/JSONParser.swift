/// Reads the JSON of one line. Distrusts it: depth, numbers and text are checked, and nothing may
/// follow.
struct JSONParser {
  struct Problem: Error { var text: String }

  private let bytes: ArraySlice<UInt8>
  private var place: Int
  private static let deepest = 32

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  /// An object of the line, its fields in their order; a value that is an object itself is an
  /// error.
  static func object(
    in line: ArraySlice<UInt8>
  ) throws(Problem) -> [(name: String, value: HistoryValue)] {
    var parser = JSONParser(line)
    let fields = try parser.fields()
    parser.skipSpaces()
    guard parser.place == line.endIndex else { throw Problem(text: "text after the object") }
    return fields
  }

  private mutating func fields() throws(Problem) -> [(name: String, value: HistoryValue)] {
    var fields: [(name: String, value: HistoryValue)] = []
    try expect("{")
    if takes("}") { return fields }
    repeat {
      skipSpaces()
      let name = try string()
      guard !fields.contains(where: { $0.name == name }) else {
        throw Problem(text: "\"\(name)\" twice")
      }
      try expect(":")
      fields.append((name, try value(depth: 0)))
    } while takes(",")
    try expect("}")
    return fields
  }

  private mutating func value(depth: Int) throws(Problem) -> HistoryValue {
    guard depth < JSONParser.deepest else { throw Problem(text: "lists too deep") }
    skipSpaces()
    switch peek ?? 0 {
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "["): return .list(try list(depth: depth))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    default:
      if takes("null") { return .nothing }
      if takes("true") { return .flag(true) }
      if takes("false") { return .flag(false) }
      throw unexpected
    }
  }

  private mutating func list(depth: Int) throws(Problem) -> [HistoryValue] {
    var list: [HistoryValue] = []
    try expect("[")
    if takes("]") { return list }
    repeat { list.append(try value(depth: depth + 1)) } while takes(",")
    try expect("]")
    return list
  }

  private mutating func number() throws(Problem) -> Int64 {
    let begin = place
    if peek == UInt8(ascii: "-") { place += 1 }
    let digits = place
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
    let text = String(decoding: bytes[begin..<place], as: UTF8.self)
    if let next = peek, ".eE".utf8.contains(next) {
      throw Problem(text: "a number that is not whole")
    }
    guard digits < place, place - digits == 1 || bytes[digits] != UInt8(ascii: "0"),
      let number = Int64(text)
    else { throw Problem(text: "the number \(text)") }
    return number
  }

  private mutating func string() throws(Problem) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while let byte = peek {
      place += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw Problem(text: "text that is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): text += try escaped()
      case 0..<0x20: throw Problem(text: "a control character in text")
      default: text.append(byte)
      }
    }
    throw Problem(text: "text without an end")
  }

  private mutating func escaped() throws(Problem) -> [UInt8] {
    guard let byte = peek else { throw unexpected }
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"): return Array(String(Character(try scalar())).utf8)
    default: throw Problem(text: "an unknown escape")
    }
  }

  /// After `\u`; two of them where one does not suffice.
  private mutating func scalar() throws(Problem) -> Unicode.Scalar {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard takes("\\u") else { throw Problem(text: "half a surrogate pair") }
    let second = try hexadecimal()
    guard (0xD800..<0xDC00).contains(first), (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw Problem(text: "half a surrogate pair") }
    return scalar
  }

  private mutating func hexadecimal() throws(Problem) -> UInt32 {
    let digits = bytes[place...].prefix(4)
    let text = String(decoding: digits, as: UTF8.self)
    guard digits.count == 4, !text.hasPrefix("+"), !text.hasPrefix("-"),
      let number = UInt32(text, radix: 16)
    else { throw Problem(text: "\\u without four digits") }
    place += 4
    return number
  }

  private var peek: UInt8? { place < bytes.endIndex ? bytes[place] : nil }

  private mutating func skipSpaces() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0D { place += 1 }
  }

  private mutating func takes(_ text: StaticString) -> Bool {
    if text.utf8Start[0] != UInt8(ascii: "\\") { skipSpaces() }
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard bytes[place...].starts(with: wanted) else { return false }
    place += wanted.count
    return true
  }

  private mutating func expect(_ text: StaticString) throws(Problem) {
    guard takes(text) else { throw unexpected }
  }

  private var unexpected: Problem {
    guard let byte = peek else { return Problem(text: "the line ends too early") }
    let shown = (0x21..<0x7F).contains(byte) ? String(UnicodeScalar(byte)) : "byte \(byte)"
    return Problem(text: "unexpected \(shown) at column \(place - bytes.startIndex + 1)")
  }
}
