#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Ports of loopback that nobody has at the moment.
package enum FreePorts {
  /// - Throws: `RigFailure` when the system gives none.
  package static func take(_ count: Int) throws(RigFailure) -> [Int] {
    var sockets: [Int32] = []
    defer { for socket in sockets { close(socket) } }
    var ports: [Int] = []
    for _ in 0..<count {
      guard let descriptor = LoopbackSocket.open() else { throw .noPort }
      // All are held until all are found, so that none comes twice.
      sockets.append(descriptor)
      guard let port = LoopbackSocket.bindToFreePort(descriptor) else { throw .noPort }
      ports.append(port)
    }
    return ports
  }
}
