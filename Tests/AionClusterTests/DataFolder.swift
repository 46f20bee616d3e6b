import AionCluster
import Foundation

/// A folder for one test, removed with it, and the data directory in it.
final class DataFolder: Sendable {
  let folder: String

  var path: String { folder + "/data" }

  init() throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("aion-cluster-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false,
      attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func open(
    _ configuration: DurableConfiguration = DurableConfiguration()
  ) async throws(NodeFault) -> DurableControlPlane {
    try await DurableControlPlane.open(at: path, configuration: configuration)
  }
}

extension DurableConfiguration {
  /// Files so small that a test crosses rotations.
  static var small: DurableConfiguration {
    DurableConfiguration(
      keptEntries: 10, segmentSize: .kibibytes(16), preallocation: .kibibytes(4))
  }
}
