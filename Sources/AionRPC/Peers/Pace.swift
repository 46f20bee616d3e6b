import AionModel
import NIOCore

/// Holds a flow to so many bytes a second, so that a snapshot leaves room for everything else.
struct Pace {
  private let bytesPerSecond: Int
  /// When what was let through so far will have gone at that speed.
  private var free = NIODeadline.uptimeNanoseconds(0)

  init(bytesPerSecond: Int) { self.bytesPerSecond = bytesPerSecond }

  /// How long so many bytes have to wait for those before them.
  mutating func delay(of count: ByteCount, at now: NIODeadline) -> TimeAmount {
    let start = max(free, now)
    let duration = Double(count.bytes) / Double(bytesPerSecond) * 1_000_000_000
    free = start + .nanoseconds(Int64(duration))
    return start - now
  }
}
