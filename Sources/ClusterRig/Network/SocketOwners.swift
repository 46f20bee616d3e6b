import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Which of some processes holds which end of a connection on loopback, as the system tells it.
///
/// A proxy sees of a caller only the port that it calls from. `/proc/net/tcp` tells the socket of
/// that port, and `/proc/PID/fd` whose the socket is. Nobody has to say who he is, so it holds for
/// TLS too.
struct SocketOwners {
  private struct Ports: Hashable {
    var local: UInt16
    var remote: UInt16
  }

  private let nodes: [Ports: Int]

  /// - Parameter processes: By the node's number.
  init(among processes: [Int: Int32]) {
    var owners: [UInt64: Int] = [:]
    for (node, process) in processes {
      for socket in Self.sockets(of: process) { owners[socket] = node }
    }
    nodes = owners.isEmpty ? [:] : Self.connections().compactMapValues { owners[$0] }
  }

  /// The node that calls `remote` from `local`; nil when it is none.
  func caller(from local: UInt16, to remote: UInt16) -> LinkEnd? {
    nodes[Ports(local: local, remote: remote)].map { .node($0) }
  }

  /// `/proc/PID/fd/N` is a link to `socket:[INODE]`.
  private static func sockets(of process: Int32) -> [UInt64] {
    let folder = "/proc/\(process)/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    var target = [CChar](repeating: 0, count: 64)
    return names.compactMap { name in
      let length = readlink("\(folder)/\(name)", &target, target.count)
      let text = String(decoding: target.prefix(max(0, length)).map(UInt8.init), as: UTF8.self)
      guard text.hasPrefix("socket:[") else { return nil }
      return UInt64(text.dropFirst(8).dropLast())
    }
  }

  /// The sockets of all connections that this machine's processes have with each other.
  private static func connections() -> [Ports: UInt64] {
    // Not read by its size, which the system gives as 0.
    let file = FileHandle(forReadingAtPath: "/proc/net/tcp")
    let table = (try? file?.readToEnd()) ?? Data()
    return table.withUnsafeBytes { bytes in
      var sockets: [Ports: UInt64] = [:]
      for line in bytes.split(separator: UInt8(ascii: "\n")).dropFirst() {
        guard let (ports, socket) = connection(in: line) else { continue }
        sockets[ports] = socket
      }
      return sockets
    }
  }

  /// Number, local address, remote address, state, …, and the socket as the tenth field.
  private static func connection(in line: Slice<UnsafeRawBufferPointer>) -> (Ports, UInt64)? {
    let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 10)
    guard fields.count > 9, let local = port(fields[1]), let remote = port(fields[2]),
      let socket = UInt64(String(decoding: fields[9], as: UTF8.self)), socket != 0
    else { return nil }
    return (Ports(local: local, remote: remote), socket)
  }

  /// `0100007F:1F90` is port 8080.
  private static func port(_ address: Slice<UnsafeRawBufferPointer>) -> UInt16? {
    UInt16(String(decoding: address.suffix(4), as: UTF8.self), radix: 16)
  }
}
