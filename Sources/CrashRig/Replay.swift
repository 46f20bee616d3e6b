public import AionCatalog
import AionCluster
import AionLog
public import AionModel
import AionNode
import AionRaft

/// What the files of a closed data directory say, worked out without the code that opens one: from
/// the oldest snapshot that is kept, every entry of the log is decoded and applied.
public enum Replay {
  /// - Throws: `ReplayFailure`, or what reading the files throws.
  public static func digest(of path: String) throws -> StateDigest {
    let directory = try PosixLogDirectory(path: path, creating: false)
    guard let identity = try LogIdentity.read(from: directory) else {
      throw ReplayFailure.noDataDirectory(path)
    }
    let snapshots = try SnapshotStore(reading: directory, owner: identity.owner)
    let oldest = try snapshots.indexes().first
    var state = ClusterState(
      try oldest.map { try ClusterSnapshot(reading: $0, from: snapshots) } ?? ClusterSnapshot())
    var scanner = try LogScanner(
      directory, owner: identity.owner, after: state.snapshot.applied)
    while let event = try scanner.next() {
      guard case .batch(_, let batch) = event else { continue }
      for entry in batch.entries where entry.index > state.snapshot.applied {
        guard entry.index == state.snapshot.applied.next else {
          throw ReplayFailure.gap(after: state.snapshot.applied, found: entry.index)
        }
        if case .command(let encoded) = entry.payload {
          state.apply(try CommandBatch(decoding: encoded), at: entry.index)
        } else {
          state.advance(to: entry.index)
        }
      }
    }
    return state.snapshot.digest
  }
}

/// Why a directory cannot be replayed.
public enum ReplayFailure: Error, CustomStringConvertible {
  case noDataDirectory(String)
  case gap(after: LogIndex, found: LogIndex)

  public var description: String {
    switch self {
    case .noDataDirectory(let path): "\(path) is not a data directory"
    case .gap(let index, let found): "after entry \(index) the log goes on with \(found)"
    }
  }
}
