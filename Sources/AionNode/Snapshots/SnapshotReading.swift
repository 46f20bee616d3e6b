public import AionLog
import AionModel
import AionRaft

/// Reads a received snapshot; may run in another thread while the node goes on.
public struct SnapshotReading<Directory: LogDirectory, Machine: StateMachine>: Sendable {
  let contents: ReceivedContents<Directory>
  let metadata: SnapshotMetadata

  /// Reads the file to its end, proves it, and makes the state of it.
  public func run() -> SnapshotRead<Machine> {
    SnapshotRead(file: contents.id, metadata: metadata, outcome: outcome())
  }

  private func outcome() -> Result<Machine.View, NodeFault> {
    Result { () throws(NodeFault) in
      let reader = try NodeFault.wrapping { () throws(LogFault) in try contents.read() }
      guard reader.description.metadata == metadata else {
        throw .inconsistent(.brokenMembership(reader.description.metadata.membership))
      }
      return try Machine.read(reader)
    }
  }
}

/// What came of reading a snapshot, for `Node.snapshotRead`.
public struct SnapshotRead<Machine: StateMachine>: Sendable {
  /// Which of the snapshots that were offered.
  public let file: SnapshotFileID
  /// What it was proved to be of, when it holds.
  let metadata: SnapshotMetadata
  let outcome: Result<Machine.View, NodeFault>
}
