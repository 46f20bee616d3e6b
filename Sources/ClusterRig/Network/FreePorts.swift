import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Ports of loopback that nobody has at the moment, and that no connection will be given: those the
/// system draws for connections lie higher.
package enum FreePorts {
  private static let range = 12_000..<32_000
  /// None is given twice by one process: between drawing and listening it is nobody's.
  private static let given = Mutex<Set<Int>>([])

  /// - Throws: `RigFailure` when there are none.
  package static func take(_ count: Int) throws(RigFailure) -> [Int] {
    var ports: [Int] = []
    for _ in 0..<10_000 where ports.count < count {
      let port = Int.random(in: range)
      guard given.withLock({ $0.insert(port).inserted }), isFree(port) else { continue }
      ports.append(port)
    }
    guard ports.count == count else { throw .noPort }
    return ports
  }

  private static func isFree(_ port: Int) -> Bool {
    guard let descriptor = LoopbackSocket.open() else { return false }
    defer { close(descriptor) }
    return LoopbackSocket.bind(descriptor, to: port)
  }
}
