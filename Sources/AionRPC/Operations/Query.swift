public import AionCatalog
public import AionModel

/// A read of the contracts as a value, so that it can be asked over a network.
public enum Query: Hashable, Sendable {
  /// Nothing but where the state stands.
  case versions
  case databases
  case database(DatabaseID)
  case databaseNamed(String)
  case roles
  case roleNamed(String)
  case nodes
  case liveNodes
  case node(NodeID)
  case shardsIn(DatabaseID)
  case shardsOf(TableKey)
  /// The key of the shard that is meant.
  case key(ShardReference)
  case resolveRead(TableKey)
  case resolveWrite(TableKey, key: [UInt8])
  case leader(ShardReference)
  case lease(ShardReference)
  case transaction(TxnID)
  case transactions
  case undecided
}

extension Query {
  /// Whether its answer is short, however much there is.
  var isBrief: Bool {
    switch self {
    case .versions, .database, .databaseNamed, .roleNamed, .node, .key, .resolveRead, .resolveWrite,
      .leader, .lease, .transaction:
      true
    case .databases, .roles, .nodes, .liveNodes, .shardsIn, .shardsOf, .transactions, .undecided:
      false
    }
  }
}

/// What a query found (aion.v1.ReadAnswer); what it did not look for is empty.
public struct ReadAnswer: Hashable, Sendable {
  /// The state that was read is that of this index.
  public var index: LogIndex
  public var catalogVersion: CatalogVersion
  public var placementEpoch: PlacementEpoch
  public var databases: [DatabaseDescriptor] = []
  public var roles: [ClusterRoleDescriptor] = []
  public var nodes: [NodeDescriptor] = []
  public var shards: [ShardDescriptor] = []
  public var transactions: [TxnRecord] = []
  /// Where to send a read or a write.
  public var leaders: [ShardPlacement] = []
  public var leases: [EpochLease] = []
  public var keys: [ShardKey] = []

  public init(
    index: LogIndex, catalogVersion: CatalogVersion, placementEpoch: PlacementEpoch
  ) {
    self.index = index
    self.catalogVersion = catalogVersion
    self.placementEpoch = placementEpoch
  }
}

extension ClusterSnapshot {
  /// - Throws: What the read of the contract throws.
  public func answer(to query: Query) throws(ClusterError) -> ReadAnswer {
    var answer = ReadAnswer(
      index: applied, catalogVersion: catalogVersion, placementEpoch: placementEpoch)
    switch query {
    case .versions: break
    case .databases: answer.databases = databases()
    case .database(let id): answer.databases = list(database(id))
    case .databaseNamed(let name): answer.databases = list(database(named: name))
    case .roles: answer.roles = roles()
    case .roleNamed(let name): answer.roles = list(role(named: name))
    case .nodes: answer.nodes = nodes()
    case .liveNodes: answer.nodes = liveNodes()
    case .node(let id): answer.nodes = list(node(id))
    case .shardsIn(let database): answer.shards = shards(in: database)
    case .shardsOf(let table): answer.shards = shards(of: table)
    case .key(let reference): answer.keys = list(try key(of: reference))
    case .resolveRead(let table): answer.leaders = try resolveReadShards(of: table)
    case .resolveWrite(let table, let key):
      answer.leaders = [try resolveWriteShard(of: table, key: key)]
    case .leader(let reference): answer.leaders = list(try leader(of: reference))
    case .lease(let reference): answer.leases = list(try currentLease(of: reference))
    case .transaction(let id): answer.transactions = list(record(id))
    case .transactions: answer.transactions = transactions()
    case .undecided: answer.transactions = undecided()
    }
    return answer
  }

  private func list<Element>(_ element: Element?) -> [Element] { element.map { [$0] } ?? [] }
}
