public import AionCatalog
import AionHistory
public import AionModel
public import AionNode

/// Clients of the control plane: databases, roles, nodes, shards and transactions of a small world.
public struct CatalogWorkload: Workload {
  /// The catalog.
  public typealias Machine = ClusterState

  public static var name: String { "catalog" }

  private var commands: CatalogCommands
  /// The highest versions that any client has seen, with where in the log.
  private var seen = CatalogVersions()
  private var sessions = CatalogSessions()
  private var begun = Count()
  private var recorder = HistoryRecorder()
  private var sightings = CatalogSightings()
  private var maintenance: CatalogMaintenance
  /// The operation by which plans are carried out, while it is under way.
  private var maintaining: CommandBatch?

  /// Of transactions that were begun.
  private struct Count {
    var certainly: UInt64 = 0
    var perhaps: UInt64 = 0
  }

  public init(seed: UInt64) {
    commands = CatalogCommands(seed: seed)
    var chance = SplitMix64(seed: ~seed)
    maintenance = CatalogMaintenance(&chance)
  }

  private static var maintainer: ClientID { 1 }

  public mutating func next(
    for client: ClientID, at now: WallTime, _ chance: inout SplitMix64
  ) -> Request<CommandBatch, CatalogQuery> {
    if chance.below(3) == 0 {
      let query = commands.query(&chance)
      if case .role(let name) = query {
        recorder.invoke("read", on: Self.object(name), by: client, at: now)
      }
      return .read(query)
    }
    var batch = CommandBatch(.openSession)
    if client == Self.maintainer { maintaining = nil }
    if sessions.isOpen(for: client) {
      batch = commands.batch(at: now, &chance)
      if client == Self.maintainer, chance.below(3) == 0 {
        guard let planned = maintenance.batch(&chance) else { return .read(.everything) }
        batch = planned
        maintaining = planned
      }
      batch.stamp = sessions.begin(for: client)
      invoke(batch, by: client, at: now)
    }
    return .write(batch, encoded: batch.encoded(), isRepeatable: batch.stamp != nil)
  }

  private static func object(_ role: String) -> HistoryKey {
    HistoryKey(kind: "register", name: "role-\(role)")
  }

  private mutating func invoke(_ batch: CommandBatch, by client: ClientID, at now: WallTime) {
    switch batch.commands.first {
    case .upsertRole(let role)? where batch.commands.count == 1:
      recorder.invoke(
        "write", .number(Int64(role.connectionLimit ?? 0)), on: Self.object(role.name),
        by: client, at: now)
    case .dropRole(let name)? where batch.commands.count == 1:
      recorder.invoke("write", .nothing, on: Self.object(name), by: client, at: now)
    default: break
    }
  }

  public func answer(_ query: CatalogQuery, from view: ClusterSnapshot) -> CatalogAnswer {
    let value: CatalogAnswer.Value =
      switch query {
      case .database(let id): .database(view.database(id))
      case .role(let name): .role(view.role(named: name))
      case .node(let id): .node(view.node(id))
      case .shards(let table): .shards(view.shards(of: table))
      case .transaction(let txn): .transaction(view.record(txn))
      case .everything: .everything(view)
      }
    return CatalogAnswer(versions: CatalogVersions(view), value: value)
  }

  public mutating func note(
    _ operation: Operation<CommandBatch, CatalogQuery>,
    _ ending: Ending<Applied, CatalogAnswer>
  ) -> Complaint? {
    record(operation.client, ending)
    if case .write(let batch, _, _) = operation.request {
      count(batch, ending)
      sessions.end(batch.stamp, of: operation.client)
    }
    if let disagreement = maintenance.disagreement { return Complaint(.determinism, disagreement) }
    switch ending {
    case .applied(let index, .success(let applied), _):
      if case .opened(let id)? = applied.outcomes.first {
        sessions.open(id, for: operation.client)
      }
      // A repeated batch tells of the first time.
      guard applied.index <= index, applied.index > operation.floor else {
        return Complaint(
          .realTime,
          "a batch asked for after \(operation.floor), answered at \(index), says that it was "
            + "applied at \(applied.index)")
      }
      if operation.client == Self.maintainer, maintaining != nil,
        let complaint = maintenance.complaint()
      {
        return Complaint(.stateInvariant, complaint)
      }
      return note(CatalogVersions(applied)) ?? sightings.note(applied)
    case .applied(_, .failure(let error), _): return complaint(about: error)
    case .answered(_, let answer, _):
      if case .everything(let snapshot) = answer.value { maintenance.look(snapshot) }
      guard case .read(let query) = operation.request else { return nil }
      if case .node(let node?) = answer.value { commands.saw(node) }
      return note(answer.versions) ?? sightings.note(query, answer)
    case .notDone, .unknown: return nil
    }
  }

  public mutating func note(
    _ batch: CommandBatch, at index: LogIndex, _ result: Result<Applied, ClusterError>
  ) -> Complaint? {
    batch.stamp.flatMap { sessions.note(result, of: $0, at: index) }
  }

  private mutating func record(_ client: ClientID, _ ending: Ending<Applied, CatalogAnswer>) {
    switch ending {
    case .applied(let index, .success, _): recorder.end(client, .ok(.nothing), index: index)
    case .answered(let index, let answer, _):
      guard case .role(let role) = answer.value else { return }
      let limit = role.map { HistoryValue.number(Int64($0.connectionLimit ?? 0)) }
      recorder.end(client, .ok(limit ?? .nothing), index: index)
    case .applied(_, .failure, _), .notDone: recorder.end(client, .fail)
    case .unknown: recorder.end(client, .info)
    }
  }

  private mutating func count(_ batch: CommandBatch, _ ending: Ending<Applied, CatalogAnswer>) {
    let number = UInt64(
      batch.commands.count { if case .beginTxn = $0 { true } else { false } })
    switch ending {
    case .applied(_, .success, _): begun.certainly += number
    case .unknown: begun.perhaps += number
    case .applied(_, .failure, _), .answered, .notDone: break
    }
  }

  /// Of a session that its client has kept, every open sequence is known.
  private func complaint(about error: ClusterError) -> Complaint? {
    switch error {
    case .sessionExpired, .sequenceAnswered:
      Complaint(.exactlyOnce, "a client that repeats itself is told: \(error)")
    default: nil
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
    let most = begun.certainly + begun.perhaps
    guard (begun.certainly...most).contains(view.lastTxnID.rawValue) else {
      return Complaint(
        .exactlyOnce,
        "\(view.lastTxnID) transactions were begun, from \(begun.certainly) to \(most) were asked "
          + "for")
    }
    return note(CatalogVersions(view)) ?? recorder.complaint()
  }
}

/// What a client of the catalog asks.
public enum CatalogQuery: Hashable, Sendable {
  case database(DatabaseID)
  case role(String)
  case node(NodeID)
  case shards(of: TableKey)
  case transaction(TxnID)
  /// For maintenance.
  case everything
}

/// What it is answered, with the versions at which it is true.
public struct CatalogAnswer: Sendable {
  public var versions: CatalogVersions
  public var value: Value

  /// What was asked for, if it is there.
  public enum Value: Sendable {
    case database(DatabaseDescriptor?)
    case role(ClusterRoleDescriptor?)
    case node(NodeDescriptor?)
    case shards([ShardDescriptor])
    case transaction(TxnRecord?)
    case everything(ClusterSnapshot)
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
