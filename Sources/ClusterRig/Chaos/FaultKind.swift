/// What chaos does to a group.
package enum FaultKind: String, CaseIterable, Sendable {
  case kill, stop, hang
  case rollingRestart = "rolling-restart"
  case growth, replace, wipe, snapshot, partition
  case oneWay = "one-way"
  case link
  case fullDisk = "full-disk"
  case stalledDisk = "stalled-disk"
  case failingSync = "failing-sync"
  case clock

  /// What happens, and what has to come of it.
  package var explanation: String {
    switch self {
    case .kill:
      "SIGKILL; writes go on without it, and it comes back with all that it acknowledged"
    case .stop: "SIGTERM; it ends with 0, a leader hands over before, and it comes back"
    case .hang: "SIGSTOP, and SIGCONT later; a leader is replaced meanwhile"
    case .rollingRestart: "SIGTERM and a new start, one node after the other"
    case .growth: "two processes join and vote; then two others, the leader maybe, are removed"
    case .replace: "a node is killed and its disk lost; it is removed, and a new one joins"
    case .wipe:
      "a node's disk is lost and it starts again; it is refused, and is replaced"
    case .snapshot:
      "the leader forgets its log and a process joins; it has to be sent a snapshot"
    case .partition: "a node is cut off from all others; a leader has to lay down its office"
    case .oneWay:
      "a node is not heard by the others any more, or does not hear them; a leader is replaced"
    case .link: "two nodes do not reach each other, by silence or by resets; others reach both"
    case .fullDisk:
      "ENOSPC; writes go on, the node answers local reads, and follows once there is room"
    case .stalledDisk: "writes and syncs do not return; a leader is replaced meanwhile"
    case .failingSync:
      "EIO from syncs; the node takes no part any more, says so, and is started again"
    case .clock: "a wall clock jumps, and later back; neither leader nor term may change"
    }
  }

  /// What a rig has to be begun with to suffer this.
  package var hostility: Hostility {
    switch self {
    case .kill, .stop, .hang, .rollingRestart, .growth, .replace, .wipe, .snapshot: []
    case .partition, .oneWay, .link: .network
    case .fullDisk, .stalledDisk, .failingSync, .clock: .system
    }
  }

  /// The processes that a group must have for it.
  package var leastNodes: Int {
    switch self {
    case .kill, .stop, .hang, .rollingRestart, .growth, .clock: 1
    case .replace, .wipe, .snapshot, .partition, .oneWay, .link: 3
    case .fullDisk, .stalledDisk, .failingSync: 3
    }
  }
}
