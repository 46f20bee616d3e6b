import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft

/// What the node's thread is given.
enum NodeInput: Sendable {
  case write(Submission<Waiter<Applied>>)
  case compact(Waiter<LogIndex>)
  case snapshotEnded(Result<SnapshotMetadata, LogFault>)
}
