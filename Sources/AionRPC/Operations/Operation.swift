public import AionCatalog
public import AionModel

/// What a client asks of a control plane (aion.v1.Operation).
public enum Operation: Hashable, Sendable {
  /// Make the batch's changes. With a stamp it may be asked again.
  case propose(CommandBatch)
  case read(Query, Freshness)
  /// The whole state, in pieces.
  case snapshot(Freshness)
  /// Every change at this index and after it, for as long as the client listens.
  case changes(from: LogIndex)
  case status
  case manage(Management)
  /// A node's agent is heard of. It may be asked again.
  case heartbeat(Heartbeat)

  /// What a client must be to ask this.
  public var neededRole: ClientRole {
    switch self {
    case .read, .snapshot, .changes, .status: .reader
    case .propose, .heartbeat: .writer
    case .manage: .admin
    }
  }
}

extension Operation {
  /// Whether working on it takes microseconds, but for waiting.
  var isBrief: Bool {
    switch self {
    case .propose, .status, .heartbeat: true
    case .read(let query, _): query.isBrief
    case .snapshot, .changes, .manage: false
    }
  }
}

extension Operation {
  /// The nodes of the database that whoever asks this speaks for.
  public var nodes: [NodeID] {
    switch self {
    case .heartbeat(let heartbeat): [heartbeat.node]
    case .propose(let batch): batch.commands.compactMap(\.registeredNode)
    case .read, .snapshot, .changes, .status, .manage: []
    }
  }
}

extension Command {
  /// The node that it says where to find.
  fileprivate var registeredNode: NodeID? {
    switch self {
    case .registerNode(let node, _, _, _, _): node
    case .upsertNode(let descriptor): descriptor.id
    default: nil
    }
  }
}

/// How new the state must be that is read.
public enum Freshness: Hashable, Sendable {
  /// It shows every write that was acknowledged before, by whichever replica.
  case linearizable
  /// Whatever the replica has that is asked, as soon as it has applied this index.
  case local(atLeast: LogIndex)
}

/// What is done to the group of replicas.
public enum Management: Hashable, Sendable {
  /// Takes a replica in, as a learner.
  case add(PeerIdentity)
  /// Lets a learner vote.
  case promote(ReplicaID)
  case remove(ReplicaID)
  /// nil: to whoever has the most of the log.
  case transferLeadership(to: ReplicaID?)
  /// Writes a snapshot on the replica that is asked, and deletes the log that it makes superfluous.
  case compact
}

/// The answer to an operation (aion.v1.OperationAnswer).
public enum OperationAnswer: Hashable, Sendable {
  case applied(Applied)
  /// Nothing was changed, but for what `ClusterError.leavesChangeOpen` says.
  case refused(ClusterError)
  case read(ReadAnswer)
  case snapshot(SnapshotEnd)
  case status(ServiceStatus)
  case heartbeat(HeartbeatAnswer)
}

/// After the last piece of a state: what it is the state of.
public struct SnapshotEnd: Hashable, Sendable {
  public var index: LogIndex
  public var digest: StateDigest

  public init(index: LogIndex, digest: StateDigest) {
    self.index = index
    self.digest = digest
  }
}
