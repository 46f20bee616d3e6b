public import AionModel
public import AionNode
public import AionRPC

/// Why a process of the service cannot start, or not go on.
public enum ServerFault: Error, Sendable, CustomStringConvertible {
  /// What it was told cannot be.
  case configuration(String)
  /// The data directory cannot be opened.
  case directory(NodeFault)
  case listen(ListenFault)
  /// Nobody took it in, in the time that it had.
  case notTakenIn(reason: String)
  /// The group knows another directory under this replica's number.
  case strangeDirectory(ReplicaID, path: String)

  public var description: String {
    switch self {
    case .configuration(let reason): reason
    case .directory(let fault): fault.description
    case .listen(let fault): fault.description
    case .notTakenIn(let reason): "no member took this process in: \(reason)"
    case .strangeDirectory(let replica, let path):
      "the group knows replica \(replica) by another directory than \(path); "
        + "remove that member and let this process join in an empty directory"
    }
  }

  /// What the process ends with (sysexits.h).
  public var exitCode: Int32 {
    switch self {
    case .configuration: 78
    case .directory: 74
    case .listen: 69
    case .notTakenIn: 75
    case .strangeDirectory: 76
    }
  }
}
