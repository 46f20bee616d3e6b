import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft

/// What the node's thread is asked beside writes.
enum NodeRequest: Sendable {
  case compact(Waiter<LogIndex>)
  /// The background thread is done with a snapshot.
  case snapshotEnded(Result<SnapshotMetadata, LogFault>)
  /// The background thread is done with the next log file; nil when it failed.
  case segmentPrepared(PreparedSegment<PosixLogDirectory>?)

  // Of one replica of several
  /// The background thread has read a snapshot that came over the network.
  case snapshotRead(SnapshotRead<ClusterState>)
  /// Came over the network, in so many bytes.
  case received(Envelope, ByteCount)
  case unreachable(ReplicaID)
  case lost(ReplicaID)
  case read(Waiter<LogIndex>)
  case changeMembership(ConfigurationChange, Waiter<Membership>)
  /// Nil lets the leader choose.
  case transferLeadership(ReplicaID?, Waiter<Void>)
  case name([ReplicaID: PeerName])
  /// Answer what was accepted, hand over, and end.
  case leave
}
