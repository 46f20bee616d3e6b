import AionModel
import NIOCore
import Synchronization

/// The connections to nodes, one for each, which are made when they are wanted.
final class NodeLinks: Sendable {
  typealias Opened = Result<ClientConnection, ClusterError>

  fileprivate struct Link {
    var address: Address
    var connection: ClientConnection?
    var lastFailure: ConnectionEnd?
    var lastUsed = ContinuousClock.now
  }

  /// A connection while it is made, for all who wait for it.
  fileprivate struct Opening {
    var number: Int
    var task: Task<Opened, Never>
    var waiting: Int
  }

  fileprivate struct State {
    var links: [NodeID: Link] = [:]
    var openings: [NodeID: Opening] = [:]
    var lastOpening = 0
    var chance: SplitMix64
    var isClosed = false
  }

  private let configuration: FragmentExecutor.Configuration
  private let nodes: any NodeMembership
  private let state: Mutex<State>

  init(_ configuration: FragmentExecutor.Configuration, nodes: any NodeMembership) {
    self.configuration = configuration
    self.nodes = nodes
    state = Mutex(State(chance: SplitMix64(seed: configuration.seed)))
  }

  var connections: [NodeConnection] {
    state.withLock { $0.links }.sorted { $0.key < $1.key }.map { node, link in
      NodeConnection(
        node: node, address: link.address, isConnected: link.connection?.isOpen ?? false,
        lastFailure: link.lastFailure)
    }
  }

  func close() {
    let (links, openings) = state.withLock { state in
      state.isClosed = true
      defer { (state.links, state.openings) = ([:], [:]) }
      return (Array(state.links.values), Array(state.openings.values))
    }
    for link in links { link.connection?.close() }
    for opening in openings { opening.task.cancel() }
  }
}

// MARK: - Finding

extension NodeLinks {
  /// The connection to a node.
  ///
  /// - Throws: `unknownNode`; `nodeDown` when the catalog says so, or there is no connection in
  ///   time; what the node does not let this client in for; `cancelled`, `closed`.
  func connection(
    to node: NodeID, within time: Duration
  ) async throws(ClusterError) -> ClientConnection {
    let address = try await address(of: node)
    let (open, opening) = try state.withLock { state throws(ClusterError) in
      if state.isClosed { throw .closed }
      state.dropIdle(configuration.idleTime)
      if let open = state.connection(to: node, at: address) {
        return (open as ClientConnection?, nil as Opening?)
      }
      return (nil, state.join(node) { number in Task { await self.open(node, number) } })
    }
    if let open { return open }
    guard let opening else { throw .closed }
    defer { leave(node, opening.number) }
    let opened = await FirstOf.wait(atMost: time) { await opening.task.value }
    if Task.isCancelled { throw .cancelled }
    guard let opened else { throw .nodeDown(node) }
    return try opened.get()
  }

  /// Where the catalog says that a node is. What is known of one that is not there is forgotten.
  private func address(of node: NodeID) async throws(ClusterError) -> Address {
    guard let descriptor = try await nodes.node(node) else {
      forget(node)
      throw .unknownNode(node)
    }
    guard descriptor.isLive else {
      forget(node)
      throw .nodeDown(node)
    }
    guard let address = Address(descriptor.rpcEndpoint) else {
      throw .other(
        sqlState: "08001",
        message: "node \(node) is registered at \"\(descriptor.rpcEndpoint)\", which is not "
          + "host:port; correct its endpoint")
    }
    return address
  }

  /// What is executed over its connection goes on.
  private func forget(_ node: NodeID) { state.withLock { $0.links[node] = nil } }

  private func leave(_ node: NodeID, _ number: Int) {
    let task = state.withLock { state -> Task<Opened, Never>? in
      guard state.openings[node]?.number == number else { return nil }
      state.openings[node]?.waiting -= 1
      guard state.openings[node]?.waiting == 0 else { return nil }
      return state.openings.removeValue(forKey: node)?.task
    }
    task?.cancel()
  }
}

extension NodeLinks.State {
  fileprivate mutating func connection(
    to node: NodeID, at address: Address
  ) -> ClientConnection? {
    guard let link = links[node] else { return nil }
    guard link.address == address, let connection = link.connection, connection.isOpen else {
      links[node]?.connection = nil
      return nil
    }
    links[node]?.lastUsed = .now
    return connection
  }

  fileprivate mutating func join(
    _ node: NodeID, begin: (Int) -> Task<NodeLinks.Opened, Never>
  ) -> NodeLinks.Opening {
    if openings[node] == nil {
      lastOpening += 1
      openings[node] = NodeLinks.Opening(number: lastOpening, task: begin(lastOpening), waiting: 0)
    }
    openings[node]?.waiting += 1
    guard let opening = openings[node] else { preconditionFailure("\(node) is not opened") }
    return opening
  }

  fileprivate mutating func dropIdle(_ time: Duration) {
    let now = ContinuousClock.now
    links = links.filter { now - $0.value.lastUsed < time }
  }
}

// MARK: - Making

extension NodeLinks {
  /// Dials until there is a connection, or nobody waits for it any more.
  private func open(_ node: NodeID, _ number: Int) async -> Opened {
    var backoff = Backoff(
      seed: state.withLock { $0.chance.next() }, within: configuration.limits.redialPauses)
    while true {
      let opened: Opened?
      do throws(ClusterError) {
        // Anew each time: it may have moved, or be down by now.
        opened = await dial(node, at: try await address(of: node))
      } catch {
        opened = .failure(error)
      }
      if let opened { return settle(opened, node, number) }
      try? await Task.sleep(for: backoff.next())
      if Task.isCancelled { return .failure(.nodeDown(node)) }
    }
  }

  /// - Returns: nil when another attempt may fare better.
  private func dial(_ node: NodeID, at address: Address) async -> Opened? {
    let opened: Opened?
    var link = Link(address: address)
    do throws(ConnectionEnd) {
      let connection = try await ClientConnection.open(
        to: address, cluster: configuration.cluster, addressee: .node(node),
        as: configuration.name, token: configuration.token, security: configuration.security,
        limits: configuration.limits)
      link.connection = connection
      opened = .success(connection)
    } catch {
      link.lastFailure = error
      opened = error.isFinal ? .failure(ClusterError(error, at: address)) : nil
    }
    let isClosed = state.withLock { state in
      if !state.isClosed { state.links[node] = link }
      return state.isClosed
    }
    if isClosed {
      link.connection?.close()
      return .failure(.closed)
    }
    return opened
  }

  private func settle(_ opened: Opened, _ node: NodeID, _ number: Int) -> Opened {
    state.withLock { state in
      if state.openings[node]?.number == number { state.openings[node] = nil }
    }
    return opened
  }
}
