/// What goes into an operation and comes out of it: the values that JSON has, without objects and
/// without fractions.
public enum HistoryValue: Hashable, Sendable, CustomStringConvertible {
  case nothing
  case flag(Bool)
  case number(Int64)
  case text(String)
  case list([HistoryValue])

  /// As in JSON.
  public var description: String {
    var text: [UInt8] = []
    JSONText.append(self, to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}

extension HistoryValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
  public init(integerLiteral value: Int64) { self = .number(value) }

  public init(stringLiteral value: String) { self = .text(value) }

  public init(booleanLiteral value: Bool) { self = .flag(value) }

  public init(arrayLiteral elements: HistoryValue...) { self = .list(elements) }
}
