import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft

/// A node on a disk in memory, and what it told its callers.
final class NodeWorld {
  static let identity = LogIdentity(cluster: 7, replica: 1, nodeName: "node-test")

  let disk: InMemoryDisk
  let options: NodeOptions
  var node: CatalogNode<InMemoryLogDirectory>
  var effects = CatalogEffects()
  var nextID: SubmissionID = 0

  /// Opens the directory and applies what it holds.
  init(on disk: InMemoryDisk = InMemoryDisk(), options: NodeOptions = .small) throws(NodeFault) {
    self.disk = disk
    self.options = options
    node = try Node(opening: disk.root, as: Self.identity, options: options, seed: 42)
    node.start(effects: &effects)
    effects.removeAll()
  }

  /// Proposes each command as a batch of its own, all in one go, and gives the outcomes in order.
  func propose(_ commands: [Command]) -> [Result<Applied, ClusterError>] {
    node.propose(
      commands.map { Submission(CommandBatch($0)) }, from: nextID, at: .epoch, effects: &effects)
    nextID.rawValue += UInt64(commands.count)
    let outcomes = effects.replies.sorted { $0.id < $1.id }.map(\.outcome)
    runBackgroundWork()
    effects.removeAll()
    return outcomes
  }

  func propose(_ command: Command) -> Result<Applied, ClusterError> {
    propose([command]).first ?? .failure(.closed)
  }

  /// Writes the snapshots that the node asked for, at once, and tells it.
  func runBackgroundWork() {
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

  var snapshot: ClusterSnapshot { node.catalog.snapshot }

  var status: NodeStatus { node.status }

  var report: RecoveryReport { node.recoveryReport }
}

extension NodeOptions {
  /// Files so small that a test crosses their limits.
  static var small: NodeOptions {
    NodeOptions(
      log: LogLimits(
        segmentSize: .kibibytes(4), preallocation: .kibibytes(2), growth: .kibibytes(1)),
      snapshotAfter: .mebibytes(64), keptEntries: 10)
  }
}

/// The n-th write of a run; each is a change of its own.
func write(_ number: Int) -> Command {
  .upsertRole(ClusterRoleDescriptor(name: "role-\(number)", connectionLimit: UInt32(number)))
}
