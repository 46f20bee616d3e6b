/// JSON as text, as far as histories need it.
enum JSONText {
  static func append(_ value: HistoryValue, to text: inout [UInt8]) {
    switch value {
    case .nothing: text += "null".utf8
    case .flag(let flag): text += (flag ? "true" : "false").utf8
    case .number(let number): text += String(number).utf8
    case .text(let string): append(string, to: &text)
    case .list(let list):
      text.append(UInt8(ascii: "["))
      for (place, element) in list.enumerated() {
        if place > 0 { text.append(UInt8(ascii: ",")) }
        append(element, to: &text)
      }
      text.append(UInt8(ascii: "]"))
    }
  }

  static func append(_ string: String, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        text += "\\u00".utf8
        text += [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
      default: text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
  }

  private static let hexadecimal = Array("0123456789abcdef".utf8)
}
