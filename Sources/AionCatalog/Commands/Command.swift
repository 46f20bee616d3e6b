public import AionModel

/// One change to the replicated state; what each checks and does is in Docs/Semantics.md.
///
/// A command carries everything that applying it needs, times included, so that every replica
/// that applies it comes to the same state.
public enum Command: Hashable, Sendable {
  /// Makes the database that a new cluster begins with, unless it is there.
  case bootstrapDefault(owner: String)
  indirect case createDatabase(CreateDatabaseRequest, createdAt: WallTime)
  case dropDatabase(DatabaseID)
  case renameDatabase(DatabaseID, to: String)
  case setDatabaseOwner(DatabaseID, to: String)
  case setDatabaseTablespace(DatabaseID, to: TablespaceID?)
  case setDatabaseConnectionLimit(DatabaseID, to: UInt32?)
  case setDatabaseAllowsConnections(DatabaseID, to: Bool)
  case setDatabaseIsTemplate(DatabaseID, to: Bool)

  indirect case upsertRole(ClusterRoleDescriptor)
  case dropRole(name: String)

  case upsertNode(NodeDescriptor)
  case markNode(NodeID, live: Bool)
  case removeNode(NodeID)
  case setNodeDraining(NodeID, to: Bool)
  /// A node's agent undertakes to be heard of. One that goes on with a registration (`renewing`)
  /// does nothing when another process registered since, and is refused when the node is removed.
  indirect case registerNode(
    NodeID, rpcEndpoint: String, agent: AgentID, timeToLive: TimeToLive,
    renewing: PlacementEpoch? = nil)
  /// The node's agent was silent for too long, or said goodbye: marks it down, unless it has
  /// registered anew since.
  case expireNode(NodeID, registration: PlacementEpoch)

  case upsertShard(ShardDescriptor)
  case removeShards(of: TableKey)
  /// Of `expecting` only nodes and roles count.
  case updatePlacement(ShardKey, to: [ShardPlacement], expecting: [ShardPlacement]? = nil)
  case transferLeadership(ShardKey, to: NodeID)

  case beginTxn(TxnScope)
  case allocateReadSnapshot([ShardKey])
  case prepareTxn(TxnID, participants: [TxnParticipant])
  case decideTxn(TxnID, TxnDecision)
  case forgetTxn(TxnID)

  case openSession
  case closeSession(SessionID)
}
