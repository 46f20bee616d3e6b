import Foundation

/// Where the programs of this package are, seen from one that runs.
public enum ProgramPath {
  /// - Returns: nil when it was not built beside the running one.
  public static func find(_ name: String) -> String? {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent(name)
      if FileManager.default.isExecutableFile(atPath: candidate.path),
        !candidate.hasDirectoryPath
      {
        return candidate.path
      }
    }
    return nil
  }
}
