public import Foundation

/// Where transcripts lie.
public enum TranscriptFiles {
  /// The files that paths stand for: a file itself, of a folder all `.txt` in it, in order.
  public static func files(at paths: [String]) throws -> [URL] {
    try paths.flatMap { path -> [URL] in
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: path])
      }
      guard isFolder.boolValue else { return [URL(fileURLWithPath: path)] }
      return try FileManager.default.contentsOfDirectory(atPath: path)
        .filter { $0.hasSuffix(".txt") }.sorted()
        .map { URL(fileURLWithPath: path).appendingPathComponent($0) }
    }
  }

  /// The recorded transcripts beside a checkout, where they are, and the project's own.
  public static func standardPaths(checkout: String = ".") -> [String] {
    ["../shared/conformance/raft-interaction", "fixtures/raft"]
      .map { URL(fileURLWithPath: checkout).appendingPathComponent($0).path }
      .filter { FileManager.default.fileExists(atPath: $0) }
  }
}
