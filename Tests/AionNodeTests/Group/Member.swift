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
  /// Whether a snapshot that has come is read at once; else it waits in `reading`.
  var readsSnapshots = true
  private(set) var reading: SnapshotReading<InMemoryLogDirectory, ClusterState>?
  /// What it sent before a sync, and before it applied.
  let early = EarlyEnvelopes()

  init(
    _ id: ReplicaID, of cluster: ClusterID, on disk: InMemoryDisk, _ beginning: NodeBeginning,
    _ options: NodeOptions, seed: UInt64
  ) throws(NodeFault) {
    self.disk = disk
    node = try Node(
      opening: disk.root,
      as: LogIdentity(cluster: cluster, replica: id, nodeName: "node-\(id)"),
      beginning: beginning, options: options, seed: seed)
    node.sendAtOnce = { [early, disk] in early.add($0, disk) }
    node.start(effects: &effects)
  }

  var snapshot: ClusterSnapshot { node.catalog.snapshot }
  var status: NodeStatus { node.status }

  /// Takes note of what the node has told, and gives what it sends.
  func takeEffects(writingSnapshots: Bool) -> [Envelope] {
    if writingSnapshots { writeSnapshots() }
    if let next = node.nextSnapshotReading() { reading = next }
    if readsSnapshots { read() }
    for reply in effects.replies { outcomes[reply.id] = reply.outcome }
    for reply in effects.membershipReplies { memberships[reply.id] = reply.outcome }
    reads += effects.reads
    refusals += effects.refusals
    if let change = effects.leadership { leadership = change }
    if let change = effects.recovery { recoveries.append(change) }
    if let index = effects.installed { installed.append(index) }
    let envelopes = early.take() + effects.envelopes
    let work = effects.work
    effects.removeAll()
    effects.work = work
    return envelopes
  }

  /// Reads the snapshot that came, as another thread would.
  func read() {
    guard let reading else { return }
    self.reading = nil
    node.snapshotRead(reading.run(), effects: &effects)
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

/// Envelopes that left before the node was done, and how much of the disk's work was done by then.
final class EarlyEnvelopes {
  private(set) var sent: [(envelope: Envelope, operations: Int, isSynced: Bool)] = []
  private var untaken: [Envelope] = []

  func add(_ envelopes: [Envelope], _ disk: InMemoryDisk) {
    sent += envelopes.map { ($0, disk.operationCount, disk.isSynced) }
    untaken += envelopes
  }

  func take() -> [Envelope] {
    defer { untaken = [] }
    return untaken
  }
}
