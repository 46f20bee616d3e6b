import AionModel
import Synchronization

/// Where the replicas of a group are, which of them leads as far as a client has heard, and the
/// connections to those that it asks.
package final class ReplicaDirectory: Sendable {
  fileprivate struct State {
    /// Those that were given first, then those that were heard of.
    var addresses: [Address]
    var leader: Address?
    var open: [Address: ClientConnection] = [:]
    var opening: [Address: Task<Opened, Never>] = [:]
    /// Counts the replicas that were left because they did not answer.
    var turn = 0
    /// Those that did not answer in time lately, and until when others are asked rather than them.
    var silent: [Address: ContinuousClock.Instant] = [:]
    /// When it is time to ask who the members are.
    var nextDiscovery: ContinuousClock.Instant
    var isClosed = false
  }

  typealias Opened = Result<ClientConnection, ConnectionEnd>

  private let configuration: RemoteConfiguration
  private let now: @Sendable () -> ContinuousClock.Instant
  private let state: Mutex<State>

  /// A client that is told of more has met a server that does not mean well.
  private static var addressLimit: Int { 64 }

  /// - Parameter now: The time; a test's own where it must not depend on it.
  package init(
    _ configuration: RemoteConfiguration,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.configuration = configuration
    self.now = now
    state = Mutex(
      State(
        addresses: configuration.addresses, nextDiscovery: now() + configuration.discoveryInterval))
  }

  /// Whom to ask next: the leader when it is known, else one after the other.
  package var next: Address? {
    let now = now()
    return state.withLock { state in
      if let leader = state.leader { return leader }
      return state.inTurn.first { !state.isSilent($0, at: now) } ?? state.inTurn.first { _ in true }
    }
  }

  /// All that are known, in the order in which they were heard of.
  var addresses: [Address] { state.withLock { $0.addresses } }

  /// A replica said who leads; nil: it does not know, and is not asked again before the others. Of
  /// one that has just not answered it is not believed.
  package func heard(leader: Address?, from address: Address) {
    let now = now()
    state.withLock { state in
      state.silent[address] = nil
      state.leader = leader.flatMap { $0 == address || state.isSilent($0, at: now) ? nil : $0 }
      if state.leader == nil { state.leave(address) }
      if let leader { state.add([leader], limit: Self.addressLimit) }
    }
  }

  /// Whether it is time to ask who the members are; whoever hears that it is asks.
  func isDiscoveryDue() -> Bool {
    let now = now()
    return state.withLock { state in
      guard now >= state.nextDiscovery, !state.isClosed else { return false }
      state.nextDiscovery = now + configuration.discoveryInterval
      return true
    }
  }

  /// A replica said where the members are: they are asked first, then those that were given. Others
  /// are forgotten.
  func learn(members: [Address]) {
    state.withLock { state in
      let asked =
        state.addresses.isEmpty ? nil : state.addresses[state.turn % state.addresses.count]
      state.addresses = []
      state.add(members, limit: Self.addressLimit)
      state.turn = asked.flatMap { state.addresses.firstIndex(of: $0) } ?? 0
      state.add(configuration.addresses, limit: Self.addressLimit)
      state.open = state.open.filter { state.addresses.contains($0.key) }
      state.silent = state.silent.filter { state.addresses.contains($0.key) }
    }
  }

  /// A replica did what only a leader does.
  package func led(_ address: Address) {
    state.withLock { state in
      state.leader = address
      state.silent[address] = nil
    }
  }

  /// A replica did not answer in time, though there is a connection to it.
  package func unanswered(_ address: Address) {
    failed(address)
    let end = now() + configuration.attemptTimeout
    state.withLock { $0.silent[address] = end }
  }

  /// A replica did not answer.
  func failed(_ address: Address) {
    state.withLock { state in
      if state.leader == address { state.leader = nil }
      state.leave(address)
      if state.open[address]?.isOpen == false { state.open[address] = nil }
    }
  }

  /// Ends all connections; no new ones are made.
  func close() {
    let open = state.withLock { state in
      state.isClosed = true
      defer { state.open = [:] }
      return Array(state.open.values)
    }
    for connection in open { connection.close() }
  }
}

extension ReplicaDirectory.State {
  /// The one whose turn it is, then the others.
  fileprivate var inTurn: some Sequence<Address> {
    addresses.indices.lazy.map { addresses[(turn + $0) % addresses.count] }
  }

  fileprivate func isSilent(_ address: Address, at now: ContinuousClock.Instant) -> Bool {
    silent[address].map { now < $0 } ?? false
  }

  fileprivate mutating func leave(_ address: Address) {
    if !addresses.isEmpty, addresses[turn % addresses.count] == address { turn += 1 }
  }

  fileprivate mutating func add(_ others: [Address], limit: Int) {
    for address in others where addresses.count < limit && !addresses.contains(address) {
      addresses.append(address)
    }
  }
}

// MARK: - Connections

extension ReplicaDirectory {
  /// The connection to a replica, which is made when there is none.
  ///
  /// - Throws: Why there is none; `network` when it takes longer than the call has time.
  func connection(to address: Address) async throws(ConnectionEnd) -> ClientConnection {
    let (open, opening) = state.withLock { state in
      state.connection(to: address) { Task { await self.open(address) } }
    }
    if let open { return open }
    guard let opening else { throw .closed }
    let left = CallDeadline.left(else: configuration.timeout)
    let opened = await FirstOf.wait(atMost: left) { await opening.value }
    guard let opened else { throw .network("no connection in time") }
    return try opened.get()
  }

  private func open(_ address: Address) async -> Opened {
    let opened: Opened
    do throws(ConnectionEnd) {
      opened = .success(
        try await ClientConnection.open(
          to: address, cluster: configuration.cluster, as: configuration.name,
          token: configuration.token, security: configuration.security,
          limits: configuration.limits))
    } catch {
      opened = .failure(error)
    }
    return state.withLock { $0.settle(opened, at: address, limit: Self.addressLimit) }
  }
}

extension ReplicaDirectory.State {
  fileprivate mutating func connection(
    to address: Address, open begin: () -> Task<ReplicaDirectory.Opened, Never>
  ) -> (ClientConnection?, Task<ReplicaDirectory.Opened, Never>?) {
    if isClosed { return (nil, nil) }
    if let connection = open[address], connection.isOpen { return (connection, nil) }
    if let task = opening[address] { return (nil, task) }
    let task = begin()
    opening[address] = task
    return (nil, task)
  }

  fileprivate mutating func settle(
    _ opened: ReplicaDirectory.Opened, at address: Address, limit: Int
  ) -> ReplicaDirectory.Opened {
    opening[address] = nil
    guard case .success(let connection) = opened else { return opened }
    if isClosed {
      connection.close()
      return .failure(.closed)
    }
    open[address] = connection
    add(connection.welcome.peers.compactMap { Address($0.address) }, limit: limit)
    return opened
  }
}
