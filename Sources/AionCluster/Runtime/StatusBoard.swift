import AionCatalog
import AionModel
import AionNode
import AionRaft
import Synchronization

/// Where the node's thread leaves word of itself, so that nobody has to ask it: it may be waiting
/// for a disk.
final class StatusBoard: Sendable {
  /// What one of several replicas has to say beside.
  struct GroupReport: Sendable {
    var role = RoleName.follower
    var leader: ReplicaID?
    var membership = Membership()
    var progress: [RaftStatus.Member] = []
    var isIntroduced = false
    var refusedEnvelopes = 0
    var installedSnapshots = 0
    var wonElections = 0
    var knownReplicas: [ReplicaID] = []
  }

  private struct State {
    var storage: DurableStatus
    var group = GroupReport()
  }

  private let state: Mutex<State>

  init(_ status: DurableStatus) { state = Mutex(State(storage: status)) }

  func post(_ status: DurableStatus) { state.withLock { $0.storage = status } }

  func post(_ report: GroupReport) { state.withLock { $0.group = report } }

  func status(queuedWrites: Int) -> DurableStatus {
    var status = state.withLock { $0.storage }
    status.queuedWrites = queuedWrites
    return status
  }

  var group: GroupReport { state.withLock { $0.group } }
}
