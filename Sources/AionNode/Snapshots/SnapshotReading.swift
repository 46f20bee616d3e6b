public import AionLog
import AionModel
import AionRaft

/// Reads a received snapshot; may run in another thread while the node goes on.
public struct SnapshotReading<Directory: LogDirectory, Machine: StateMachine>: Sendable {
  let contents: ReceivedContents<Directory>
  let metadata: SnapshotMetadata

  public var file: SnapshotFileID { contents.id }

  /// Reads the file to its end, proves it, and makes the state of it.
  public func run() -> Result<Machine.View, NodeFault> {
    Result { () throws(NodeFault) in
      let reader = try NodeFault.wrapping { () throws(LogFault) in try contents.read() }
      guard reader.description.metadata == metadata else {
        throw .inconsistent(.brokenMembership(reader.description.metadata.membership))
      }
      return try Machine.read(reader)
    }
  }
}
