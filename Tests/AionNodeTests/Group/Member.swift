import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft

/// One life of a replica in a group of a test: a node, its disk, and what it has told.
final class Member {
  typealias Outcome = Result<Applied, ClusterError>

  let disk: InMemoryDisk
  var node: CatalogNode<InMemoryLogDirectory>
  var effects = CatalogEffects()

  // What it has told, since it was opened
  var outcomes: [SubmissionID: Outcome] = [:]
  var memberships: [SubmissionID: Result<Membership, ClusterError>] = [:]
  var reads: [ReadOutcome] = []
  var refusals: [Refused] = []
  var leadership: NodeLeadership?
  var recoveries: [RecoveryChange] = []
  var installed: [LogIndex] = []

  init(
    _ id: ReplicaID, of cluster: ClusterID, on disk: InMemoryDisk, _ beginning: NodeBeginning,
    _ options: NodeOptions, seed: UInt64
  ) throws(NodeFault) {
    self.disk = disk
    node = try Node(
      opening: disk.root,
      as: LogIdentity(cluster: cluster, replica: id, nodeName: "node-\(id)"),
      beginning: beginning, options: options, seed: seed)
    node.start(effects: &effects)
  }

  var snapshot: ClusterSnapshot { node.catalog.snapshot }
  var status: NodeStatus { node.status }

  /// Takes note of what the node has told, and gives what it sends.
  func takeEffects(writingSnapshots: Bool) -> [Envelope] {
    if writingSnapshots { writeSnapshots() }
    for reply in effects.replies { outcomes[reply.id] = reply.outcome }
    for reply in effects.membershipReplies { memberships[reply.id] = reply.outcome }
    reads += effects.reads
    refusals += effects.refusals
    if let change = effects.leadership { leadership = change }
    if let change = effects.recovery { recoveries.append(change) }
    if let index = effects.installed { installed.append(index) }
    let envelopes = effects.envelopes
    let work = effects.work
    effects.removeAll()
    effects.work = work
    return envelopes
  }

  /// Writes the snapshots that were asked for.
  private func writeSnapshots() {
    let work = effects.work
    effects.work = []
    for case .snapshot(let snapshot, let metadata) in work {
      let store = node.snapshots
      let outcome = Result { () throws(LogFault) in
        try ClusterState.write(snapshot, metadata, to: store)
        return metadata
      }
      node.snapshotEnded(outcome, effects: &effects)
    }
  }
}
