public import AionLog
public import AionModel
public import AionRaft
public import AionWire

/// Why a replica cannot start or go on.
public enum NodeFault: Error, Hashable, Sendable, CustomStringConvertible {
  case log(LogFault)
  /// A committed entry that this release cannot read: written by a newer one, or a bug.
  case undecodableCommand(at: LogIndex, WireError)
  /// The snapshot at this index cannot be read, though its checksums hold.
  case undecodableSnapshot(at: LogIndex, WireError)
  /// The records of a snapshot are not those that its writer had; nil: it did not say.
  case wrongDigest(at: LogIndex, written: SnapshotDigest?, computed: SnapshotDigest)
  /// The directory is that of a node with another name.
  case otherNode(found: String, expected: String)
  /// The directory began with other founders than it is opened with; none: it joined.
  case otherFounders(found: [ReplicaID], expected: [ReplicaID])
  /// A replica is to found a group that does not name it.
  case notAFounder(ReplicaID, founders: [ReplicaID])
  /// This replica's disk holds otherwise what the group counts on; or has lost it, and that could
  /// not be written down.
  case contradictsGroup(RaftRefusal)
  /// The system refused a thread.
  case noThread
  /// The files hold together, but not as the log of one replica.
  case inconsistent(RaftStartError)

  public var description: String {
    switch self {
    case .log(let fault): fault.description
    case .undecodableCommand(let index, let error):
      "the command at index \(index) cannot be read (\(error)); open it with the newer release"
    case .undecodableSnapshot(let index, let error):
      "the snapshot at index \(index) cannot be read (\(error)); open it with the newer release"
    case .wrongDigest(let index, let written, let computed):
      "the snapshot at index \(index) has digest \(computed), its writer had "
        + "\(written.map(\.description) ?? "none"); restore it from a backup"
    case .otherNode(let found, let expected):
      "the directory belongs to node \(found), not \(expected); open it under its own name"
    case .otherFounders(let found, let expected):
      "the directory began with the founders \(found), not \(expected); open it with its own"
    case .notAFounder(let replica, let founders):
      "replica \(replica) is not among the founders \(founders); name it, or let it join"
    case .contradictsGroup(let refusal):
      "the disk does not hold what the group counts on (\(refusal)); remove this replica from the "
        + "group and let a new one join in an empty directory"
    case .noThread: "the system refused a thread; raise its limit and retry"
    case .inconsistent(let error):
      "the log cannot be the log of one replica (\(error)); restore it from a backup"
    }
  }
}

extension NodeFault {
  /// Runs `body` and lets its fault be one of the node.
  static func wrapping<Answer>(
    _ body: () throws(LogFault) -> Answer
  ) throws(NodeFault) -> Answer {
    do throws(LogFault) { return try body() } catch { throw .log(error) }
  }
}
