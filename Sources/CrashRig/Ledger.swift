package import AionCluster

/// What was acknowledged on a data directory, over all rounds.
public struct Ledger: Sendable {
  private var lastSequence: [Int: UInt64] = [:]
  private var lastIndex: LogIndex = .zero

  public init() {}

  package mutating func record(_ acknowledgements: [Acknowledgement]) {
    for acknowledgement in acknowledgements {
      lastSequence[acknowledgement.task] = acknowledgement.sequence
      lastIndex = max(lastIndex, acknowledgement.index)
    }
  }

  /// Holds what is there against what was acknowledged, and goes on from what is there.
  ///
  /// - Returns: how many tasks had one write more than was acknowledged, the one under way.
  package mutating func reconcile(with snapshot: ClusterSnapshot, tasks: Int) throws -> Int {
    var unacknowledged = 0
    for task in 0..<tasks {
      let acknowledged = lastSequence[task] ?? 0
      let found = try CrashWorkload.lastSequence(of: task, in: snapshot) ?? 0
      guard found >= acknowledged else {
        throw CrashFailure.lostWrite(task: task, acknowledged: acknowledged, found: found)
      }
      guard found <= acknowledged + 1 else {
        throw CrashFailure.inventedWrite(task: task, acknowledged: acknowledged, found: found)
      }
      unacknowledged += Int(found - acknowledged)
      lastSequence[task] = found
    }
    let found = snapshot.catalogVersion.index
    guard found >= lastIndex else {
      throw CrashFailure.versionWentBack(acknowledged: lastIndex, found: found)
    }
    lastIndex = found
    return unacknowledged
  }
}
