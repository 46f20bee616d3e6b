import Foundation

/// Which of many sockets have something to read.
struct Readiness {
  private var sockets: [pollfd] = []

  mutating func watch(_ socket: Int32) {
    sockets.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0))
  }

  /// The places of those that have, in the order in which they are watched; waits for one, 100 ms
  /// at most.
  mutating func wait() -> [Int] {
    let count = poll(&sockets, nfds_t(sockets.count), 100)
    guard count > 0 else { return [] }
    return sockets.indices.filter { sockets[$0].revents != 0 }
  }
}
