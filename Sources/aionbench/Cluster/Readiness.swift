import Foundation

#if os(Linux)
  import CEpoll
#endif

#if os(Linux)
  /// Which of many sockets have something to read. By `epoll`, as `h2load` asks: a wait costs no
  /// more for sockets that have nothing.
  struct Readiness: ~Copyable {
    private let descriptor = epoll_create1(0)
    private var events = [epoll_event](repeating: epoll_event(), count: 256)

    deinit { close(descriptor) }

    /// - Parameter place: By what name `wait` tells of it.
    mutating func watch(_ socket: Int32, as place: Int) throws {
      var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data(u64: UInt64(place)))
      guard epoll_ctl(descriptor, EPOLL_CTL_ADD, socket, &event) == 0 else {
        throw BenchmarkFailure("the system watches no socket: \(String(cString: strerror(errno)))")
      }
    }

    /// The places of those that have; waits for one, 100 ms at most.
    mutating func wait() -> [Int] {
      let count = epoll_wait(descriptor, &events, Int32(events.count), 100)
      return events.prefix(max(0, Int(count))).map { Int($0.data.u64) }
    }
  }
#else
  /// Which of many sockets have something to read.
  struct Readiness: ~Copyable {
    private var sockets: [pollfd] = []
    private var places: [Int] = []

    /// - Parameter place: By what name `wait` tells of it.
    mutating func watch(_ socket: Int32, as place: Int) throws {
      sockets.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0))
      places.append(place)
    }

    /// The places of those that have; waits for one, 100 ms at most.
    mutating func wait() -> [Int] {
      guard poll(&sockets, nfds_t(sockets.count), 100) > 0 else { return [] }
      return sockets.indices.filter { sockets[$0].revents != 0 }.map { places[$0] }
    }
  }
#endif
