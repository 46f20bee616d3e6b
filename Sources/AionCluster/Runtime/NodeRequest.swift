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
}
