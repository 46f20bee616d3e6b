import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Stands before each node of a rig and passes on what others send to it, as the rules of the links
/// say.
///
/// One thread moves all bytes. It does so under a lock, so that nothing gets through a link any
/// more once `set` has returned.
final class RigNetwork: Sendable {
  fileprivate struct State {
    var doors: [Door] = []
    var relays: [Relay] = []
    var rules = LinkRules()
    var processes: [Int: Int32] = [:]
    /// Whether something was changed that the thread has not seen.
    var isChanged = false
    var isClosed = false
  }

  /// Where others call a node.
  fileprivate struct Door {
    var descriptor: Int32
    var port: Int
    var node: Int
    var nodePort: Int
  }

  private let state = Mutex(State())
  /// A byte in it has the thread look at the state.
  private let bell: (reader: Int32, writer: Int32)

  init() throws(RigFailure) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .system("no pipe for the network of the rig") }
    for end in ends { LoopbackSocket.setNonBlocking(end) }
    bell = (ends[0], ends[1])
    Thread.detachNewThread { [self] in run() }
  }

  /// Others reach the node at `port` from now on.
  func open(_ port: Int, for node: Int, at nodePort: Int) throws(RigFailure) {
    guard let descriptor = LoopbackSocket.open() else { throw .noPort }
    LoopbackSocket.prepare(descriptor)
    LoopbackSocket.allowReuse(descriptor)
    guard LoopbackSocket.bind(descriptor, to: port), listen(descriptor, 1_024) == 0 else {
      close(descriptor)
      throw .noPort
    }
    let door = Door(descriptor: descriptor, port: port, node: node, nodePort: nodePort)
    change { $0.doors.append(door) }
  }

  /// Which process a node is at the moment.
  func note(_ process: Int32?, of node: Int) {
    change { state in
      state.processes[node] = process
      state.identify()
    }
  }

  /// Changes the rules; they hold once this returns.
  func set(_ edit: (inout LinkRules) -> Void) {
    change { state in
      // Whoever called before its process was known here is known by now.
      state.identify()
      edit(&state.rules)
    }
  }

  /// Ends all connections.
  func shut() {
    change { $0.isClosed = true }
  }

  private func change(_ edit: (inout State) -> Void) {
    state.withLock { state in
      guard !state.isClosed else { return }
      edit(&state)
      state.isChanged = true
      // Inside, since the thread closes it once it has seen the end.
      var byte: UInt8 = 1
      _ = write(bell.writer, &byte, 1)
    }
  }
}

// MARK: - The thread

extension RigNetwork {
  private func run() {
    var isOver = false
    while !isOver {
      var interests = state.withLock { $0.interests }
      interests.append(pollfd(fd: bell.reader, events: Int16(POLLIN), revents: 0))
      _ = poll(&interests, nfds_t(interests.count), -1)
      var bytes: (UInt64, UInt64) = (0, 0)
      _ = read(bell.reader, &bytes, 16)
      isOver = state.withLock { $0.move(toldOf: interests) }
    }
    close(bell.reader)
    close(bell.writer)
  }
}

extension RigNetwork.State {
  /// Two for each relay, then one for each door.
  fileprivate var interests: [pollfd] {
    relays.flatMap { $0.interests(under: rules) }
      + doors.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
  }

  /// Moves what can be moved. Relays are what they were when the system was asked, since this is
  /// the one place where they come and go.
  ///
  /// - Returns: Whether it is over.
  fileprivate mutating func move(toldOf events: [pollfd]) -> Bool {
    guard !isClosed else {
      close()
      return true
    }
    for place in relays.indices
    where isChanged || events[2 * place].revents != 0 || events[2 * place + 1].revents != 0 {
      relays[place].move(under: rules)
    }
    isChanged = false
    takeCallers()
    relays.removeAll(where: \.isOver)
    return false
  }

  private mutating func close() {
    for place in relays.indices { relays[place].end(resetting: true) }
    for door in doors { LoopbackSocket.close(door.descriptor) }
    relays = []
    doors = []
  }

  private mutating func takeCallers() {
    let known = relays.count
    for door in doors {
      while let caller = LoopbackSocket.accept(at: door.descriptor) {
        LoopbackSocket.prepare(caller.descriptor)
        let ports = (caller.port, UInt16(door.port))
        relays.append(
          Relay(caller.descriptor, ports: ports, to: door.node, at: door.nodePort))
      }
    }
    guard relays.count > known else { return }
    identify()
    for place in known..<relays.count { relays[place].move(under: rules) }
  }

  fileprivate mutating func identify() {
    let owners = SocketOwners(among: processes)
    for place in relays.indices where relays[place].caller == .clients {
      let ports = relays[place].ports
      if let node = owners.caller(from: ports.caller, to: ports.proxy) {
        relays[place].caller = node
      }
    }
  }
}
