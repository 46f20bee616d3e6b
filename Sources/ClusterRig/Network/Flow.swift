#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One direction of a connection: what was read at its source and not yet written to its sink.
struct Flow: Sendable {
  private static let limit = 1 << 16

  private var waiting: [UInt8] = []
  private var start = 0
  /// The source has said its last word.
  private(set) var hasEnded = false
  /// The sink has been told so.
  private(set) var isFinished = false
  /// The source ended its connection by a reset.
  private(set) var wasReset = false
  /// The sink is gone. Nothing more is read: as of an unplugged machine, its end is for the
  /// direction back to tell.
  private(set) var isBroken = false

  private var isEmpty: Bool { start == waiting.count }

  var wantsToRead: Bool { !hasEnded && !isBroken && isEmpty }
  var wantsToWrite: Bool { !isEmpty && !isBroken }

  /// Takes what has come.
  mutating func read(from source: Int32) {
    guard wantsToRead else { return }
    waiting = [UInt8](unsafeUninitializedCapacity: Self.limit) { buffer, filled in
      let count = recv(source, buffer.baseAddress, Self.limit, 0)
      filled = max(0, count)
      if count == 0 { hasEnded = true }
      if count < 0, !Self.isTemporary(errno) {
        hasEnded = true
        wasReset = true
      }
    }
    start = 0
  }

  /// Passes on as much as the sink takes, and the end after the last of it.
  mutating func write(to sink: Int32) {
    while wantsToWrite {
      let count = waiting.withUnsafeBytes { bytes in
        send(sink, bytes.baseAddress?.advanced(by: start), bytes.count - start, Self.sendFlags)
      }
      if count < 0 {
        isBroken = !Self.isTemporary(errno)
        return
      }
      start += count
    }
    guard hasEnded, isEmpty, !isFinished else { return }
    isFinished = true
    if !wasReset { shutdown(sink, Int32(SHUT_WR)) }
  }

  private static func isTemporary(_ number: Int32) -> Bool {
    number == EAGAIN || number == EWOULDBLOCK || number == EINTR
  }

  /// No signal for a sink that is gone.
  private static var sendFlags: Int32 {
    #if canImport(Darwin)
      0
    #else
      Int32(MSG_NOSIGNAL)
    #endif
  }
}
