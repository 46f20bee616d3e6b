#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A connection that somebody made to a node's proxy, and the one that the proxy makes to the node.
struct Relay: Sendable {
  /// The ports that tell who called.
  let ports: (caller: UInt16, proxy: UInt16)
  let node: Int
  private let nodePort: Int
  /// Who called, as far as it is known.
  var caller = LinkEnd.clients
  private let callerSide: Int32
  /// nil until the beginning of the connection has got through to the node and back.
  private var nodeSide: Int32?
  private var forward = Flow()
  private var backward = Flow()
  private(set) var isOver = false

  init(_ descriptor: Int32, ports: (caller: UInt16, proxy: UInt16), to node: Int, at port: Int) {
    callerSide = descriptor
    self.ports = ports
    self.node = node
    nodePort = port
  }

  private func rules(_ links: LinkRules) -> (forward: LinkRule, backward: LinkRule) {
    (links[caller, .node(node)], links[.node(node), caller])
  }

  /// What the system is to tell about: first the caller's side, then the node's; always two.
  func interests(under links: LinkRules) -> [pollfd] {
    let rules = rules(links)
    let isOpen = nodeSide != nil
    // A caller whose connection has not begun may give up; that is his affair alone.
    let reads = forward.wantsToRead && (!isOpen || rules.forward == .pass)
    let callerSide = Self.interest(
      in: self.callerSide, reading: reads,
      writing: backward.wantsToWrite && rules.backward == .pass)
    return [
      callerSide,
      Self.interest(
        in: nodeSide ?? -1, reading: backward.wantsToRead && rules.backward == .pass,
        writing: forward.wantsToWrite && rules.forward == .pass),
    ]
  }

  /// A side of which nothing is wanted is left out: its end would be told again and again.
  private static func interest(in side: Int32, reading: Bool, writing: Bool) -> pollfd {
    let events = (reading ? Int16(POLLIN) : 0) | (writing ? Int16(POLLOUT) : 0)
    return pollfd(fd: events == 0 ? -1 : side, events: events, revents: 0)
  }

  /// Moves what may be moved.
  mutating func move(under links: LinkRules) {
    let rules = rules(links)
    if rules.forward == .reset || rules.backward == .reset { return end(resetting: true) }
    guard let nodeSide = opened(rules) else { return waitForBeginning() }
    if rules.forward == .pass {
      forward.read(from: callerSide)
      forward.write(to: nodeSide)
    }
    if rules.backward == .pass {
      backward.read(from: nodeSide)
      backward.write(to: callerSide)
    }
    if forward.isFinished && forward.wasReset || backward.isFinished && backward.wasReset {
      end(resetting: true)
    } else if isDone(forward, backward) {
      end(resetting: false)
    }
  }

  private func isDone(_ one: Flow, _ other: Flow) -> Bool {
    one.isFinished && (other.isFinished || other.isBroken) || other.isFinished && one.isBroken
  }

  /// The node's side, which is opened once a beginning gets there and the answer back.
  private mutating func opened(_ rules: (forward: LinkRule, backward: LinkRule)) -> Int32? {
    if let nodeSide { return nodeSide }
    guard rules.forward == .pass, rules.backward == .pass else { return nil }
    guard let side = LoopbackSocket.open() else { return nil }
    LoopbackSocket.prepare(side)
    guard LoopbackSocket.connect(side, to: nodePort) || errno == EINPROGRESS else {
      LoopbackSocket.close(side)
      end(resetting: true)
      return nil
    }
    nodeSide = side
    return side
  }

  private mutating func waitForBeginning() {
    guard !isOver else { return }
    forward.read(from: callerSide)
    if forward.hasEnded { end(resetting: false) }
  }

  mutating func end(resetting: Bool) {
    guard !isOver else { return }
    isOver = true
    for side in [callerSide, nodeSide].compactMap({ $0 }) {
      if resetting { LoopbackSocket.resetWhenClosed(side) }
      LoopbackSocket.close(side)
    }
  }
}
