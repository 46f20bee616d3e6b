import AionCluster
import AionLog
import Foundation

/// A new folder of the operating system, removed when its last reference goes.
final class TemporaryDirectory {
  let path: String

  init() throws {
    let name = "aion-log-\(UUID().uuidString)"
    path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func directory() throws -> PosixLogDirectory {
    try PosixLogDirectory(path: path + "/data", creating: true)
  }

  func openLog(
    limits: LogLimits = LogWorld.limits
  ) throws -> (log: Log<PosixLogDirectory>, recovered: Recovered) {
    try Log.open(try directory(), as: LogWorld.identity, limits: limits)
  }

  /// A file inside the data directory.
  func file(_ name: String) -> URL { URL(fileURLWithPath: path + "/data/" + name) }

  func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/data/" + folder).sorted()
  }
}
