import AionModel
import AionRPC
import ArgumentParser
import Foundation

/// From when on a certificate holds, as a person writes it.
struct StartTime: ExpressibleByArgument {
  let time: WallTime

  /// `2026-03-01`, or `2026-03-01T12:00:00Z`.
  init?(argument: String) {
    let date = Date.ISO8601FormatStyle()
    guard
      let found = (try? date.parse(argument)) ?? (try? date.year().month().day().parse(argument))
    else { return nil }
    let seconds = Int64(found.timeIntervalSince1970)
    time = WallTime(nanosecondsSince1970: seconds * 1_000_000_000)
  }
}

extension WallTime {
  func advanced(bySeconds seconds: Int64) -> WallTime {
    WallTime(nanosecondsSince1970: nanosecondsSince1970 + seconds * 1_000_000_000)
  }

  /// Whole days from now until then; 0 when that is over.
  var daysLeft: UInt64 {
    let left = nanosecondsSince1970 - WallTime.now.nanosecondsSince1970
    return UInt64(max(0, left) / 86_400_000_000_000)
  }

  /// `2026-03-01`
  var day: String { String(description.prefix { $0 != "T" }) }
}
