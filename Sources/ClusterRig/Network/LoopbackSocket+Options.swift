#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension LoopbackSocket {
  /// Calls return at once, no child gets it, and nothing small waits for more.
  package static func prepare(_ descriptor: Int32) {
    setNonBlocking(descriptor)
    set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, to: Int32(1))
  }

  static func setNonBlocking(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  /// A port may be taken though connections of its last owner are fading.
  static func allowReuse(_ descriptor: Int32) {
    set(descriptor, SOL_SOCKET, SO_REUSEADDR, to: Int32(1))
  }

  /// The other side hears of a reset, not of an end.
  static func resetWhenClosed(_ descriptor: Int32) {
    set(descriptor, SOL_SOCKET, SO_LINGER, to: linger(l_onoff: 1, l_linger: 0))
  }

  private static func set<Value>(
    _ descriptor: Int32, _ level: Int32, _ name: Int32, to value: Value
  ) {
    withUnsafeBytes(of: value) { bytes in
      _ = setsockopt(descriptor, level, name, bytes.baseAddress, socklen_t(bytes.count))
    }
  }
}
