import AionLog
import AionModel
import AionNode

/// The data directory of a process: made when it is missing, and whose it is.
enum DataDirectory {
  /// - Parameter syncs: Told what each sync of a file took; nil measures nothing.
  static func open(
    at path: String, syncs: SyncHistogram? = nil
  ) throws(NodeFault) -> PosixLogDirectory {
    do throws(FileError) {
      return try PosixLogDirectory(path: path, creating: true, syncs: syncs)
    } catch {
      throw .log(.file(error))
    }
  }

  /// The identity that is written in a directory; nil when there is none.
  static func identity(at path: String) throws(NodeFault) -> LogIdentity? {
    let directory: PosixLogDirectory
    do throws(FileError) {
      directory = try PosixLogDirectory(path: path, creating: false)
    } catch {
      if error.kind == .notFound { return nil }
      throw .log(.file(error))
    }
    do throws(LogFault) { return try LogIdentity.read(from: directory) } catch {
      throw .log(error)
    }
  }

  /// The identity that is written in it; a new one for a directory that has none.
  static func identity(
    of directory: PosixLogDirectory, for node: NodeID
  ) throws(NodeFault) -> LogIdentity {
    let written: LogIdentity?
    do throws(LogFault) { written = try LogIdentity.read(from: directory) } catch {
      throw .log(error)
    }
    if let written {
      guard written.nodeName == node.name else {
        throw .otherNode(found: written.nodeName, expected: node.name)
      }
      return written
    }
    return LogIdentity(
      cluster: ClusterID(.random(in: 1...UInt128.max)), replica: 1, nodeName: node.name)
  }
}
