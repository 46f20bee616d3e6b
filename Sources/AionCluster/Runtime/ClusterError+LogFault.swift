import AionLog
import AionModel

extension ClusterError {
  /// What a caller hears of a fault of the log.
  init(_ fault: LogFault, at path: String) {
    self =
      switch fault {
      case .diskFull(let path): .diskFull(path: path)
      default: .storageFailed(path: path, reason: "\(fault)")
      }
  }
}
