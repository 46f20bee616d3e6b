/// A moment of simulated time: microseconds since the world began.
public struct Moment: Hashable, Comparable, Sendable {
  public var microseconds: Int

  public init(microseconds: Int) { self.microseconds = microseconds }

  public static let start = Moment(microseconds: 0)

  public static func < (left: Moment, right: Moment) -> Bool {
    left.microseconds < right.microseconds
  }

  public static func + (moment: Moment, span: Span) -> Moment {
    Moment(microseconds: moment.microseconds + span.microseconds)
  }

  public static func - (left: Moment, right: Moment) -> Span {
    Span(microseconds: left.microseconds - right.microseconds)
  }

  static func += (moment: inout Moment, span: Span) { moment = moment + span }
}

extension Moment: CustomStringConvertible {
  /// In seconds: `12.000345`.
  public var description: String { Span(microseconds: microseconds).description }
}

/// A length of simulated time.
public struct Span: Hashable, Comparable, Sendable {
  public var microseconds: Int

  public init(microseconds: Int) { self.microseconds = microseconds }

  public static let zero = Span(microseconds: 0)

  /// Millionths of a second.
  public static func microseconds(_ count: Int) -> Span { Span(microseconds: count) }
  /// Thousandths of a second.
  public static func milliseconds(_ count: Int) -> Span { Span(microseconds: count * 1_000) }
  /// Whole seconds.
  public static func seconds(_ count: Int) -> Span { Span(microseconds: count * 1_000_000) }

  public static func < (left: Span, right: Span) -> Bool { left.microseconds < right.microseconds }

  static func * (span: Span, factor: Int) -> Span { Span(microseconds: span.microseconds * factor) }

  static func + (left: Span, right: Span) -> Span {
    Span(microseconds: left.microseconds + right.microseconds)
  }
}

extension Span: CustomStringConvertible {
  /// In seconds: `0.004500`.
  public var description: String {
    let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    let digits = String(rest.magnitude)
    let sign = microseconds < 0 && seconds == 0 ? "-" : ""
    return "\(sign)\(seconds)." + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
