import Foundation

/// The files of this checkout.
struct Repository: Sendable {
  let root: URL

  static let here = Repository(
    root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent())

  /// Read once for all the rules.
  static let swiftFiles = Result {
    try (here.files(under: "Sources") + here.files(under: "Tests"))
      .filter { $0.hasSuffix(".swift") }
      .map { SourceFile(path: $0, text: try here.text(of: $0)) }
  }

  var manifest: Manifest {
    get throws { Manifest(text: try text(of: "Package.swift")) }
  }

  /// Names at the root, in order; hidden ones are left out.
  var topLevel: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(
        at: root, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles]
      ).map(\.lastPathComponent).sorted()
    }
  }

  /// Paths relative to the root, in order; hidden files are left out.
  func files(under folder: String) -> [String] {
    // A folder that is a link to one elsewhere is read as if it were here.
    let start = root.appending(path: folder).resolvingSymlinksInPath()
    let found = FileManager.default.enumerator(
      at: start, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
    let depth = start.pathComponents.count
    return (found?.compactMap { $0 as? URL } ?? [])
      .filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true }
      .map { ([folder] + $0.pathComponents.dropFirst(depth)).joined(separator: "/") }
      .sorted()
  }

  func text(of path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  func contains(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path(percentEncoded: false))
  }
}
