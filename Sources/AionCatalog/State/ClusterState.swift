public import AionModel
import AionWire

/// The replicated state machine: applies the log's commands in order, each to the same effect on
/// every replica.
///
/// It reads no clock, no randomness and no environment. A command that is refused changes nothing,
/// and so does a batch of which one command is refused. The rules are in Docs/Semantics.md.
public struct ClusterState: Sendable {
  /// The state as it stands. Holding on to it makes the next changes copy what they touch.
  public internal(set) var snapshot: ClusterSnapshot

  var effects = Effects()
  /// Where records are encoded to be digested; kept to save allocating it for each.
  var scratch = WireWriter(reservingCapacity: 512)

  /// What the batch being applied has done so far.
  struct Effects {
    var changedRecords = false
    var changedCatalog = false
    var changedPlacement = false
  }

  public init(_ snapshot: ClusterSnapshot = ClusterSnapshot()) { self.snapshot = snapshot }

  /// Applies the entry at `index`.
  ///
  /// - Returns: What the commands did, or why the whole batch was refused.
  /// - Precondition: `index` is above every index applied so far.
  @discardableResult
  public mutating func apply(
    _ batch: CommandBatch, at index: LogIndex
  ) -> BatchOutcome {
    advance(to: index)
    guard let stamp = batch.stamp else { return applyAnew(batch, at: index) }
    return applyOnce(batch, stamp, at: index)
  }

  /// Whether the batch that was applied last left another state than it found. A batch with a stamp
  /// can do so though it was refused or changed nothing beside its session; a duplicate does not.
  public var wasChanged: Bool { effects.changedRecords }

  mutating func applyAnew(_ batch: CommandBatch, at index: LogIndex) -> BatchOutcome {
    effects = Effects()
    do throws(ClusterError) {
      try checkPreconditions(of: batch)
      return .success(try applyWhole(batch, at: index))
    } catch {
      effects = Effects()
      return .failure(error)
    }
  }

  /// Passes over an entry that is not for the state machine.
  ///
  /// - Precondition: `index` is above every index applied so far.
  public mutating func advance(to index: LogIndex) {
    precondition(index > snapshot.applied, "\(index) was applied: at \(snapshot.applied)")
    snapshot.applied = index
  }

  private func checkPreconditions(of batch: CommandBatch) throws(ClusterError) {
    let count = batch.commands.count
    guard count <= Limits.commandsPerBatch else {
      throw .limitExceeded(.commandsPerBatch, asked: count, allowed: Limits.commandsPerBatch)
    }
    if let expected = batch.expectedCatalogVersion, expected != snapshot.catalogVersion {
      throw .preconditionFailed(
        .catalogVersion(expected: expected, current: snapshot.catalogVersion))
    }
    if let expected = batch.expectedPlacementEpoch, expected != snapshot.placementEpoch {
      throw .preconditionFailed(
        .placementEpoch(expected: expected, current: snapshot.placementEpoch))
    }
  }

  private mutating func applyWhole(
    _ batch: CommandBatch, at index: LogIndex
  ) throws(ClusterError) -> Applied {
    let outcomes = try outcomes(of: batch.commands, at: index)
    if effects.changedCatalog { snapshot.catalogVersion = CatalogVersion(index) }
    if effects.changedPlacement { snapshot.placementEpoch = PlacementEpoch(index) }
    return Applied(
      index: index, catalogVersion: snapshot.catalogVersion,
      placementEpoch: snapshot.placementEpoch, outcomes: outcomes,
      hasChanges: effects.changedRecords)
  }

  private mutating func outcomes(
    of commands: [Command], at index: LogIndex
  ) throws(ClusterError) -> [CommandOutcome] {
    // A command checks before it changes anything, so only a longer batch can fail half way.
    if commands.count == 1 {
      let outcome = try apply(commands[0], at: index)
      return outcome == .done ? Self.done : [outcome]
    }
    let before = snapshot
    var outcomes: [CommandOutcome] = []
    outcomes.reserveCapacity(commands.count)
    do throws(ClusterError) {
      for command in commands { outcomes.append(try apply(command, at: index)) }
    } catch {
      snapshot = before
      throw error
    }
    return outcomes
  }

  /// The usual outcomes, allocated once.
  private static let done: [CommandOutcome] = [.done]

  private mutating func apply(
    _ command: Command, at index: LogIndex
  ) throws(ClusterError) -> CommandOutcome {
    switch command {
    case .bootstrapDefault(let owner): return try bootstrapDefault(owner: owner)
    case .createDatabase(let request, let time): return try create(request, createdAt: time)
    case .dropDatabase(let id): try dropDatabase(id)
    case .renameDatabase(let id, let name): try renameDatabase(id, to: name)
    case .setDatabaseOwner(let id, let owner): try setOwner(of: id, to: owner)
    case .setDatabaseTablespace(let id, let tablespace):
      try changeDatabase(id) { $0.tablespace = tablespace }
    case .setDatabaseConnectionLimit(let id, let limit):
      try changeDatabase(id) { $0.connectionLimit = limit }
    case .setDatabaseAllowsConnections(let id, let allowed):
      try changeDatabase(id) { $0.allowsConnections = allowed }
    case .setDatabaseIsTemplate(let id, let isTemplate):
      try changeDatabase(id) { $0.isTemplate = isTemplate }
    case .upsertRole(let role): try upsert(role)
    case .dropRole(let name): try dropRole(named: name)
    case .upsertNode(let node): try upsert(node)
    case .markNode(let id, let live): try markNode(id, live: live)
    case .removeNode(let id): try removeNode(id)
    case .setNodeDraining(let id, let draining): try setDraining(of: id, to: draining)
    case .registerNode(let id, let endpoint, let agent, let timeToLive, let renewing):
      let registration = NodeRegistration(
        epoch: PlacementEpoch(index), agent: agent, timeToLive: timeToLive)
      try register(id, at: endpoint, registration, renewing: renewing)
    case .expireNode(let id, let registration): try expireNode(id, registration)
    case .upsertShard(let shard): try upsert(shard, at: index)
    case .removeShards(let table): removeShards(of: table)
    case .updatePlacement(let key, let placements, let expected):
      try updatePlacement(of: key, to: placements, expecting: expected, at: index)
    case .transferLeadership(let key, let node):
      try transferLeadership(of: key, to: node, at: index)
    case .beginTxn(let scope): return try begin(scope)
    case .allocateReadSnapshot(let shards): return try allocateReadSnapshot(shards, at: index)
    case .prepareTxn(let txn, let participants): try prepare(txn, participants)
    case .decideTxn(let txn, let decision): return try decide(txn, decision, at: index)
    case .forgetTxn(let txn): try forget(txn)
    case .openSession: return openSession(at: index)
    case .closeSession(let session): closeSession(session)
    }
    return .done
  }
}
