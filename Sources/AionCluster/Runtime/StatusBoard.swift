import AionCatalog
import AionModel
import AionNode
import Synchronization

/// Where the node's thread leaves word of itself, so that nobody has to ask it: it may be waiting
/// for a disk.
final class StatusBoard: Sendable {
  private let state: Mutex<DurableStatus>

  init(_ status: DurableStatus) { state = Mutex(status) }

  func post(_ status: DurableStatus) { state.withLock { $0 = status } }

  func status(queuedWrites: Int) -> DurableStatus {
    var status = state.withLock { $0 }
    status.queuedWrites = queuedWrites
    return status
  }
}
