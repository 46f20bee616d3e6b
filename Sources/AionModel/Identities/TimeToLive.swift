/// How long a node may be silent before it counts as down: from one millisecond to about 49 days.
public struct TimeToLive: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let milliseconds: UInt32

  /// nil for 0.
  public init?(milliseconds: UInt32) {
    guard milliseconds > 0 else { return nil }
    self.milliseconds = milliseconds
  }

  /// Rounded down to whole milliseconds; nil for less than one, and for more than there can be.
  public init?(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, seconds < 1 << 32 else { return nil }
    let milliseconds = UInt64(seconds) * 1_000 + UInt64(attoseconds / 1_000_000_000_000_000)
    guard let exact = UInt32(exactly: milliseconds) else { return nil }
    self.init(milliseconds: exact)
  }

  public var duration: Duration { .milliseconds(Int64(milliseconds)) }

  public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

  public var description: String {
    milliseconds.isMultiple(of: 1_000) ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
  }
}
