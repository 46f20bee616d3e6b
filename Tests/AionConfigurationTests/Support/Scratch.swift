import AionConfiguration
import Foundation

/// A file that is there while `body` runs.
func withFile<Answer>(
  _ contents: String, _ body: (String) async throws -> Answer
) async throws -> Answer {
  let url = FileManager.default.temporaryDirectory
    .appending(path: "aion-configuration-\(UUID().uuidString).json")
  try Data(contents.utf8).write(to: url)
  defer { try? FileManager.default.removeItem(at: url) }
  return try await body(url.path)
}

/// The layer that a file of these contents makes.
func fileLayer(_ contents: String) async throws -> ConfigurationLayer {
  try await withFile(contents) { path in try await .file(path) }
}

/// Why a file of these contents is not read; its path as `FILE`.
func fault(_ contents: String) async throws -> String {
  try await withFile(contents) { path in
    do throws(ConfigurationFileFault) {
      return "read: \(try await ConfigurationLayer.file(path).name)"
    } catch {
      return "\(error)".replacing(path, with: "FILE")
    }
  }
}
