import AionCatalog
import AionModel

struct ReferenceSession {
  var id: SessionID
  var lastUsed: UInt64
  var answeredBelow: SequenceNumber = 1
  var outcomes: [SequenceNumber: BatchOutcome] = [:]
}

/// The rules of Docs/Semantics.md once more, slow and obvious: arrays, searched from end to end,
/// and copied before every batch.
struct ReferenceCluster {
  var catalogVersion = CatalogVersion.zero
  var placementEpoch = PlacementEpoch.zero
  var lastDatabase: UInt32 = 1
  var lastTxn: UInt64 = 0
  var databases: [DatabaseDescriptor] = []
  var roles: [ClusterRoleDescriptor] = []
  var nodes: [NodeDescriptor] = []
  var shards: [ShardDescriptor] = []
  var txns: [TxnRecord] = []
  var lastSession: UInt64 = 0
  var sessions: [ReferenceSession] = []

  mutating func apply(_ batch: CommandBatch, at index: UInt64) -> BatchOutcome {
    guard let stamp = batch.stamp else { return applyAnew(batch, at: index) }
    guard let place = sessions.firstIndex(where: { $0.id == stamp.session }) else {
      return .failure(.sessionExpired(stamp.session))
    }
    var session = sessions[place]
    if stamp.sequence < session.answeredBelow {
      return .failure(
        .sequenceAnswered(stamp.session, stamp.sequence, answeredBelow: session.answeredBelow))
    }
    if let known = session.outcomes[stamp.sequence] { return known }
    if min(stamp.answeredBelow, stamp.sequence) > session.answeredBelow {
      session.answeredBelow = min(stamp.answeredBelow, stamp.sequence)
    }
    let count = stamp.sequence.rawValue - session.answeredBelow.rawValue + 1
    if count > 1_024 {
      return .failure(
        .limitExceeded(.unansweredPerSession, asked: Int(clamping: count), allowed: 1_024))
    }
    session.outcomes = session.outcomes.filter { $0.key >= session.answeredBelow }
    session.lastUsed = index
    sessions[place] = session
    let outcome = applyAnew(batch, at: index)
    if let place = sessions.firstIndex(where: { $0.id == stamp.session }) {
      sessions[place].outcomes[stamp.sequence] = outcome
    }
    return outcome
  }

  private mutating func applyAnew(_ batch: CommandBatch, at index: UInt64) -> BatchOutcome {
    let before = self
    var hasChanges = false
    if let expected = batch.expectedCatalogVersion, expected != catalogVersion {
      return .failure(
        .preconditionFailed(.catalogVersion(expected: expected, current: catalogVersion)))
    }
    if let expected = batch.expectedPlacementEpoch, expected != placementEpoch {
      return .failure(
        .preconditionFailed(.placementEpoch(expected: expected, current: placementEpoch)))
    }
    var outcomes: [CommandOutcome] = []
    for command in batch.commands {
      let step = self
      do throws(ClusterError) {
        outcomes.append(try apply(command, at: index))
      } catch {
        self = before
        return .failure(error)
      }
      if databases != step.databases || roles != step.roles
        || shards.map(\.key) != step.shards.map(\.key)
      {
        catalogVersion = CatalogVersion(index)
        hasChanges = true
      }
      if txns != step.txns || sessions.count != step.sessions.count
        || lastSession != step.lastSession
      {
        hasChanges = true
      }
      if nodes != step.nodes || shards != step.shards {
        placementEpoch = PlacementEpoch(index)
        hasChanges = true
      }
    }
    return .success(
      Applied(
        index: LogIndex(index), catalogVersion: catalogVersion, placementEpoch: placementEpoch,
        outcomes: outcomes, hasChanges: hasChanges))
  }

  private mutating func apply(
    _ command: Command, at index: UInt64
  ) throws(ClusterError) -> CommandOutcome {
    switch command {
    case .bootstrapDefault(let owner):
      if let database = databases.first(where: { $0.id == 1 }) { return .created(database) }
      if let taken = database(named: "default") { throw .databaseExists(name: taken.name) }
      if let problem = problem(with: owner) { throw .invalidName(.role, owner, problem) }
      let database = DatabaseDescriptor(
        id: 1, name: "default", owner: owner, tablespace: TablespaceID(1663))
      databases.append(database)
      return .created(database)
    case .createDatabase(let request, let time): return try create(request, time)
    case .dropDatabase(let id):
      if id == 0 { throw .protectedDatabase(id, .drop) }
      let place = try place(of: id)
      if id == 1 { throw .protectedDatabase(id, .drop) }
      databases.remove(at: place)
      shards.removeAll { $0.key.database == id }
    case .renameDatabase(let id, let name):
      if id == 0 { throw .protectedDatabase(id, .rename) }
      let place = try place(of: id)
      if id == 1 { throw .protectedDatabase(id, .rename) }
      if let problem = problem(with: name) { throw .invalidName(.database, name, problem) }
      if let taken = database(named: name), taken.id != id {
        throw .databaseExists(name: taken.name)
      }
      databases[place].name = name
    case .setDatabaseOwner(let id, let owner):
      let place = try place(of: id)
      if let problem = problem(with: owner) { throw .invalidName(.role, owner, problem) }
      databases[place].owner = owner
    case .setDatabaseTablespace(let id, let value): databases[try place(of: id)].tablespace = value
    case .setDatabaseConnectionLimit(let id, let value):
      databases[try place(of: id)].connectionLimit = value
    case .setDatabaseAllowsConnections(let id, let value):
      databases[try place(of: id)].allowsConnections = value
    case .setDatabaseIsTemplate(let id, let value): databases[try place(of: id)].isTemplate = value
    case .upsertRole(let role):
      if let problem = problem(with: role.name) { throw .invalidName(.role, role.name, problem) }
      if let place = roles.firstIndex(where: { $0.name.lowercased() == role.name.lowercased() }) {
        roles[place] = role
      } else {
        roles.append(role)
      }
    case .dropRole(let name):
      if let problem = problem(with: name) { throw .invalidName(.role, name, problem) }
      roles.removeAll { $0.name.lowercased() == name.lowercased() }
    default: return try applyToTopology(command, at: index)
    }
    return .done
  }

  private mutating func create(
    _ request: CreateDatabaseRequest, _ time: WallTime
  ) throws(ClusterError) -> CommandOutcome {
    if let problem = problem(with: request.name) {
      throw .invalidName(.database, request.name, problem)
    }
    if let taken = database(named: request.name) { throw .databaseExists(name: taken.name) }
    if let template = request.template, database(named: template) == nil {
      throw .unknownDatabase(.name(template))
    }
    if let problem = problem(with: request.owner) {
      throw .invalidName(.role, request.owner, problem)
    }
    lastDatabase += 1
    let database = DatabaseDescriptor(
      id: DatabaseID(lastDatabase), name: request.name, owner: request.owner,
      encoding: request.encoding, collate: request.collate, ctype: request.ctype,
      tablespace: request.tablespace, connectionLimit: request.connectionLimit,
      isTemplate: request.isTemplate, allowsConnections: request.allowsConnections,
      createdAt: time)
    databases.append(database)
    return .created(database)
  }

  private func database(named name: String) -> DatabaseDescriptor? {
    databases.first { $0.name.lowercased() == name.lowercased() }
  }

  private func place(of id: DatabaseID) throws(ClusterError) -> Int {
    guard let place = databases.firstIndex(where: { $0.id == id }) else {
      throw .unknownDatabase(.id(id))
    }
    return place
  }

  private func problem(with name: String) -> NameProblem? {
    name.isEmpty ? .empty : name.contains("\t") ? .controlCharacter : nil
  }
}

// MARK: Nodes and shards

extension ReferenceCluster {
  private mutating func applyToTopology(
    _ command: Command, at index: UInt64
  ) throws(ClusterError) -> CommandOutcome {
    let epoch = PlacementEpoch(index)
    switch command {
    case .upsertNode(var node):
      if node.rpcEndpoint.isEmpty { throw .invalidName(.endpoint, "", .empty) }
      let old = nodes.first { $0.id == node.id }
      if let old { node.isDraining = old.isDraining }
      node.registration = node.isLive ? old?.registration : nil
      nodes.removeAll { $0.id == node.id }
      nodes.append(node)
      nodes.sort { $0.id < $1.id }
    case .markNode(let id, let live):
      guard let place = nodes.firstIndex(where: { $0.id == id }) else { throw .unknownNode(id) }
      nodes[place].isLive = live
      if !live { nodes[place].registration = nil }
    case .registerNode(let id, let endpoint, let agent, let timeToLive, let renewing):
      try register(id, endpoint, agent, timeToLive, renewing, epoch)
    case .expireNode(let id, let registration):
      guard let place = nodes.firstIndex(where: { $0.id == id }) else { throw .unknownNode(id) }
      if nodes[place].registration?.epoch == registration { nodes[place].isLive = false }
    case .setNodeDraining(let id, let isDraining):
      guard let place = nodes.firstIndex(where: { $0.id == id }) else { throw .unknownNode(id) }
      nodes[place].isDraining = isDraining
    case .removeNode(let id):
      guard nodes.contains(where: { $0.id == id }) else { throw .unknownNode(id) }
      let hosted = shards.filter { $0.placements.contains { $0.node == id } }
      if let first = hosted.min(by: { $0.key < $1.key }) {
        throw .nodeHostsReplicas(id, count: hosted.count, example: first.key)
      }
      nodes.removeAll { $0.id == id }
    case .upsertShard(let shard):
      try check(shard)
      let old = shards.first { $0.key == shard.key }
      replace(shard) { placement in
        let kept = old?.placements.first { $0.node == placement.node && $0.role == placement.role }
        return kept?.leaseEpoch ?? epoch
      }
    case .removeShards(let table): shards.removeAll { $0.key.table == table }
    case .updatePlacement(let key, let placements, let expected):
      let old = try shard(key)
      let shard = ShardDescriptor(key: key, placements: placements)
      try check(shard)
      if let expected, topology(expected) != topology(old.placements) {
        throw .placementChanged(key, expected: expected, current: old.placements)
      }
      if topology(placements) != topology(old.placements) { replace(shard) { _ in epoch } }
    case .transferLeadership(let key, let node): try transfer(key, to: node, epoch)
    default: return try applyToTransactions(command, at: index)
    }
    return .done
  }

  private mutating func register(
    _ id: NodeID, _ endpoint: String, _ agent: AgentID, _ timeToLive: TimeToLive,
    _ renewing: PlacementEpoch?, _ epoch: PlacementEpoch
  ) throws(ClusterError) {
    if endpoint.isEmpty { throw .invalidName(.endpoint, "", .empty) }
    let old = nodes.first { $0.id == id }
    if old == nil, renewing != nil { throw .unknownNode(id) }
    // By hand.
    if let old, !old.isLive, old.registration == nil { return }
    if let renewing, let known = old?.registration, known.agent != agent, known.epoch > renewing {
      return
    }
    nodes.removeAll { $0.id == id }
    nodes.append(
      NodeDescriptor(
        id: id, rpcEndpoint: endpoint, isDraining: old?.isDraining ?? false,
        registration: NodeRegistration(epoch: epoch, agent: agent, timeToLive: timeToLive)))
    nodes.sort { $0.id < $1.id }
  }

  private mutating func transfer(
    _ key: ShardKey, to node: NodeID, _ epoch: PlacementEpoch
  ) throws(ClusterError) {
    let old = try shard(key)
    let voters = old.placements.filter { $0.role != .learner }
    let live = voters.filter { isLive($0.node) }.count
    if live * 2 <= voters.count {
      throw .quorumLost(key, liveVoters: live, voters: voters.count)
    }
    guard let target = old.placements.first(where: { $0.node == node }) else {
      throw .notAReplica(key, node)
    }
    if target.role == .learner { throw .notAVoter(key, node) }
    if !isLive(node) { throw .nodeDown(node) }
    if target.role == .leader { return }
    var placements = old.placements
    for place in placements.indices where placements[place].role != .learner {
      placements[place].role = placements[place].node == node ? .leader : .follower
    }
    replace(ShardDescriptor(key: key, placements: placements)) { _ in epoch }
  }

  func isLive(_ node: NodeID) -> Bool { nodes.first { $0.id == node }?.isLive != false }

  private func shard(_ key: ShardKey) throws(ClusterError) -> ShardDescriptor {
    guard let shard = shards.first(where: { $0.key == key }) else {
      throw .unknownShard(.key(key))
    }
    return shard
  }

  private mutating func replace(
    _ shard: ShardDescriptor, _ epoch: (ShardPlacement) -> PlacementEpoch
  ) {
    shards.removeAll { $0.key == shard.key }
    let stamped = shard.placements.map {
      ShardPlacement(shard: $0.shard, node: $0.node, role: $0.role, leaseEpoch: epoch($0))
    }
    shards.append(ShardDescriptor(key: shard.key, placements: stamped))
    shards.sort { $0.key < $1.key }
  }

  private func topology(_ placements: [ShardPlacement]) -> [String] {
    placements.map { "\($0.shard) \($0.node) \($0.role)" }.sorted()
  }

  private func check(_ shard: ShardDescriptor) throws(ClusterError) {
    let nodes = shard.placements.map(\.node).sorted()
    let leaders = shard.placements.filter { $0.role == .leader }.count
    if nodes.isEmpty { throw .invalidPlacement(shard.key, .empty) }
    if let twice = nodes.first(where: { node in nodes.filter { $0 == node }.count > 1 }) {
      throw .invalidPlacement(shard.key, .duplicateNode(twice))
    }
    if leaders != 1 { throw .invalidPlacement(shard.key, .leaders(count: leaders)) }
    if let stranger = shard.placements.first(where: { $0.shard != shard.key.shard }) {
      throw .invalidPlacement(shard.key, .otherShard(stranger.shard))
    }
  }
}
