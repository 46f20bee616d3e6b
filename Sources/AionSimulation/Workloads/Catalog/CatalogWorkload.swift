public import AionCatalog
public import AionModel
public import AionNode

/// Clients of the control plane: databases, roles, nodes, shards and transactions of a small world.
public struct CatalogWorkload: Workload {
  public typealias Machine = ClusterState

  public static var name: String { "catalog" }

  private var commands: CatalogCommands
  /// The highest versions that any client has seen, with where in the log.
  private var seen = CatalogVersions()

  public init(seed: UInt64) { commands = CatalogCommands(seed: seed) }

  public mutating func next(
    for client: ClientID, at now: WallTime, _ chance: inout SplitMix64
  ) -> Request<CommandBatch, CatalogQuery> {
    if chance.below(3) == 0 { return .read(commands.query(&chance)) }
    let batch = commands.batch(at: now, &chance)
    return .write(batch, encoded: batch.encoded(), isRepeatable: false)
  }

  public func answer(_ query: CatalogQuery, from view: ClusterSnapshot) -> CatalogAnswer {
    let value: CatalogAnswer.Value =
      switch query {
      case .database(let id): .database(view.database(id))
      case .role(let name): .role(view.role(named: name))
      case .node(let id): .node(view.node(id))
      case .shards(let table): .shards(view.shards(of: table))
      case .transaction(let txn): .transaction(view.record(txn))
      }
    return CatalogAnswer(versions: CatalogVersions(view), value: value)
  }

  public mutating func note(
    _ operation: Operation<CommandBatch, CatalogQuery>,
    _ ending: Ending<Applied, CatalogAnswer>
  ) -> Complaint? {
    switch ending {
    case .applied(let index, .success(let applied), _):
      let versions = CatalogVersions(applied)
      guard applied.index == index else {
        return Complaint(
          .realTime, "a batch applied at \(index) says that it was applied at \(applied.index)")
      }
      return note(versions)
    case .answered(_, let answer, _): return note(answer.versions)
    case .applied(_, .failure, _), .notDone, .unknown: return nil
    }
  }

  /// Versions of two moments of the log are in the order of their moments, whoever sees them.
  private mutating func note(_ versions: CatalogVersions) -> Complaint? {
    let isOrdered =
      versions.index >= seen.index
      ? versions.catalog >= seen.catalog && versions.placement >= seen.placement
      : versions.catalog <= seen.catalog && versions.placement <= seen.placement
    guard isOrdered else {
      return Complaint(.monotonicVersions, "\(versions) were seen beside \(seen)")
    }
    if versions.index > seen.index { seen = versions }
    return nil
  }

  public func complaint(about view: ClusterSnapshot) -> String? {
    let versions = CatalogVersions(view)
    guard max(versions.catalog.index, versions.placement.index) <= view.applied else {
      return "\(versions) are newer than index \(view.applied)"
    }
    return view.shards().lazy.compactMap { complaint(about: $0, in: view) }.first
  }

  private func complaint(about shard: ShardDescriptor, in view: ClusterSnapshot) -> String? {
    let placements = shard.placements
    if placements.count(where: { $0.role == .leader }) != 1 {
      return "shard \(shard.key) has not one leader: \(placements.map(\.role))"
    }
    if Set(placements.map(\.node)).count != placements.count {
      return "shard \(shard.key) has a node twice: \(placements.map(\.node))"
    }
    if placements.contains(where: { $0.leaseEpoch > view.placementEpoch }) {
      return "shard \(shard.key) has a lease above epoch \(view.placementEpoch)"
    }
    return nil
  }

  public mutating func finalComplaint(about view: ClusterSnapshot) -> Complaint? {
    note(CatalogVersions(view))
  }
}

/// What a client of the catalog asks.
public enum CatalogQuery: Hashable, Sendable {
  case database(DatabaseID)
  case role(String)
  case node(NodeID)
  case shards(of: TableKey)
  case transaction(TxnID)
}

/// What it is answered, with the versions at which it is true.
public struct CatalogAnswer: Hashable, Sendable {
  public var versions: CatalogVersions
  public var value: Value

  /// What was asked for, if it is there.
  public enum Value: Hashable, Sendable {
    case database(DatabaseDescriptor?)
    case role(ClusterRoleDescriptor?)
    case node(NodeDescriptor?)
    case shards([ShardDescriptor])
    case transaction(TxnRecord?)
  }
}

/// The versions of the catalog as of one index.
public struct CatalogVersions: Hashable, Sendable, CustomStringConvertible {
  public var index = LogIndex.zero
  public var catalog = CatalogVersion.zero
  public var placement = PlacementEpoch.zero

  init() {}

  init(_ view: ClusterSnapshot) {
    index = view.applied
    catalog = view.catalogVersion
    placement = view.placementEpoch
  }

  init(_ applied: Applied) {
    index = applied.index
    catalog = applied.catalogVersion
    placement = applied.placementEpoch
  }

  public var description: String {
    "catalog version \(catalog) and placement epoch \(placement) at index \(index)"
  }
}
