#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A TCP socket of loopback.
package enum LoopbackSocket {
  /// No process that is started meanwhile gets it, and keeps its port; where the system can say so
  /// in one call.
  package static func open() -> Int32? {
    #if canImport(Glibc)
      let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
      let descriptor = socket(AF_INET, Int32(kind), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    return descriptor >= 0 ? descriptor : nil
  }

  package static func connect(_ descriptor: Int32, to port: Int) -> Bool {
    withAddress(port) { address, length in
      #if canImport(Glibc)
        Glibc.connect(descriptor, address, length) == 0
      #elseif canImport(Musl)
        Musl.connect(descriptor, address, length) == 0
      #else
        Darwin.connect(descriptor, address, length) == 0
      #endif
    }
  }

  /// Whether nobody else has the port.
  static func bind(_ descriptor: Int32, to port: Int) -> Bool {
    withAddress(port) { address, length in
      #if canImport(Glibc)
        Glibc.bind(descriptor, address, length) == 0
      #elseif canImport(Musl)
        Musl.bind(descriptor, address, length) == 0
      #else
        Darwin.bind(descriptor, address, length) == 0
      #endif
    }
  }

  package static func close(_ descriptor: Int32) {
    #if canImport(Glibc)
      _ = Glibc.close(descriptor)
    #elseif canImport(Musl)
      _ = Musl.close(descriptor)
    #else
      _ = Darwin.close(descriptor)
    #endif
  }

  /// Takes a caller, if one is there.
  static func accept(at listener: Int32) -> (descriptor: Int32, port: UInt16)? {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        #if canImport(Glibc)
          Glibc.accept(listener, pointer, &length)
        #elseif canImport(Musl)
          Musl.accept(listener, pointer, &length)
        #else
          Darwin.accept(listener, pointer, &length)
        #endif
      }
    }
    return descriptor >= 0 ? (descriptor, UInt16(bigEndian: address.sin_port)) : nil
  }

  private static func withAddress(
    _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool
  ) -> Bool {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
