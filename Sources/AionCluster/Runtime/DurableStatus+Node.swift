import AionCatalog
import AionLog
import AionModel
import AionNode

extension DurableStatus {
  init(of node: borrowing NodeRunner.ReplicaNode, at path: String, disk: DiskUsage?) {
    let status = node.status
    let identity = node.identity
    let (version, epoch) = node.catalog.read { ($0.catalogVersion, $0.placementEpoch) }
    self.init(
      path: path, clusterID: identity.cluster, replicaID: identity.replica,
      nodeName: identity.nodeName, health: Health(status), recovery: status.recovery?.damage,
      term: status.term, appliedIndex: status.applied, committedIndex: status.committed,
      lastIndex: status.last, snapshotIndex: status.snapshot,
      isWritingSnapshot: status.isWritingSnapshot, sizeSinceSnapshot: status.sizeSinceSnapshot,
      disk: disk, catalogVersion: version, placementEpoch: epoch, queuedWrites: 0,
      syncedBatches: status.syncedBatches, syncedEntries: status.syncedEntries)
  }
}

extension DurableStatus.Health {
  fileprivate init(_ status: NodeStatus) {
    if let fault = status.fault {
      self = .readOnly(reason: "\(fault)")
    } else {
      self = status.isDiskFull ? .diskFull : .writable
    }
  }
}
