import Configuration
import SystemPackage

extension ConfigurationLayer {
  /// A file in JSON, in which comments and trailing commas are welcome (JSON5).
  ///
  /// `distributed.sharding.enabled` may be written as objects in each other or as one name with
  /// dots; a list of texts or numbers stands for its elements separated by commas. Whatever no
  /// setting has is refused as misspelled.
  ///
  /// - Throws: `ConfigurationFileFault` when it cannot be read.
  package static func file(
    _ path: String
  ) async throws(ConfigurationFileFault) -> ConfigurationLayer {
    let provider: FileProvider<ConfigurationFile>
    do {
      provider = try await FileProvider<ConfigurationFile>(filePath: FilePath(path))
    } catch {
      throw ConfigurationFileFault(path: path, error)
    }
    let file = provider.snapshot() as? ConfigurationFile
    return ConfigurationLayer(
      name: "file \(path)", provider: provider,
      claimed: file.map { [String]($0.values.keys) } ?? [],
      ownName: { $0.key }, keyOf: { AbsoluteConfigKey(ConfigKey($0.key)) })
  }
}

/// Why a file of configuration cannot be used at all.
package struct ConfigurationFileFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let path: String
  package let reason: String

  init(path: String, _ error: any Error) {
    self.path = path
    reason =
      switch error {
      case let error as ConfigurationFile.Fault: "\(error)"
      case let error as DecodingError: error.place
      default: "\(error)"
      }
  }

  package var description: String { "the configuration in \(path) cannot be read: \(reason)" }
}

extension DecodingError {
  fileprivate var place: String {
    guard case .dataCorrupted(let context) = self else { return "\(self)" }
    return context.debugDescription + (context.underlyingError.map { " \($0)" } ?? "")
  }
}
