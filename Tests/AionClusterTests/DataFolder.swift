import AionCluster
import Foundation
import Synchronization

/// A folder for one test and the data directory in it; removed when the test process ends.
///
/// Not when its last reference goes: that may be long before the plane in it is closed.
struct DataFolder: Sendable {
  private static let folders = Mutex<[String]>([])
  private static let removal: Void = {
    atexit {
      for folder in DataFolder.folders.withLock({ $0 }) {
        try? FileManager.default.removeItem(atPath: folder)
      }
    }
  }()

  let folder: String

  var path: String { folder + "/data" }

  init() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("aion-cluster-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false,
      attributes: [.posixPermissions: 0o700])
    self.folder = folder
    Self.removal
    Self.folders.withLock { $0.append(folder) }
  }

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
