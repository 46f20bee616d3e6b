/// A moment by the wall clock, in nanoseconds since 1970-01-01T00:00:00Z.
///
/// For people only: nothing in this project decides anything by it (Docs/Architecture.md).
@frozen
public struct WallTime: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var nanosecondsSince1970: Int64

  @inlinable
  public init(nanosecondsSince1970: Int64) { self.nanosecondsSince1970 = nanosecondsSince1970 }

  /// 1970-01-01T00:00:00Z, also written where no time is known.
  public static let epoch = WallTime(nanosecondsSince1970: 0)

  @inlinable
  public static func < (left: WallTime, right: WallTime) -> Bool {
    left.nanosecondsSince1970 < right.nanosecondsSince1970
  }

  /// ISO 8601 in UTC with milliseconds: `2026-03-01T12:34:56.789Z`.
  public var description: String {
    let milliseconds = Int(floorDivide(nanosecondsSince1970, by: 1_000_000))
    let days = floorDivide(Int64(milliseconds), by: 86_400_000)
    let (year, month, day) = civilDate(daysSince1970: Int(days))
    let rest = milliseconds - Int(days) * 86_400_000
    let time = [rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60].map { padded($0, to: 2) }
    return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))T"
      + time.joined(separator: ":") + ".\(padded(rest % 1_000, to: 3))Z"
  }
}

private func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
  let quotient = value / divisor
  return value % divisor < 0 ? quotient - 1 : quotient
}

/// The proleptic Gregorian date of a day number, counted in 400-year eras that begin on 1 March.
private func civilDate(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
  let daysInEra = 146_097
  let shifted = daysSince1970 + 719_468
  let era = Int(floorDivide(Int64(shifted), by: Int64(daysInEra)))
  let dayOfEra = shifted - era * daysInEra
  let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let marchMonth = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
  let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

private func padded(_ number: Int, to width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
