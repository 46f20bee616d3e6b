import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Gets a page from a process on loopback, or gives up: one that hangs must not hold up the others.
package enum PageFetch {
  private static let patience = timeval(tv_sec: 2, tv_usec: 0)
  private static let limit = 16 << 20

  /// - Returns: nil when nothing that is HTTP came in two seconds.
  package static func get(_ path: String, port: Int) async -> (status: Int, text: String)? {
    await withCheckedContinuation { continuation in
      // On a thread of its own, since it blocks.
      Thread.detachNewThread { continuation.resume(returning: fetch(path, port)) }
    }
  }

  private static func fetch(_ path: String, _ port: Int) -> (status: Int, text: String)? {
    guard let descriptor = LoopbackSocket.open() else { return nil }
    defer { close(descriptor) }
    var time = patience
    let length = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, length)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, length)
    guard LoopbackSocket.connect(descriptor, to: port) else { return nil }
    let request = Array("GET \(path) HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".utf8)
    guard send(descriptor, request, request.count, 0) == request.count else { return nil }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while answer.count < limit {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0 { return nil }
      if count == 0 { break }
      answer += buffer[..<count]
    }
    return parse(String(decoding: answer, as: UTF8.self))
  }

  private static func parse(_ answer: String) -> (status: Int, text: String)? {
    guard let end = answer.range(of: "\r\n\r\n") else { return nil }
    let words = answer[..<end.lowerBound].split(separator: " ", maxSplits: 2)
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
      return nil
    }
    return (status, String(answer[end.upperBound...]))
  }
}
