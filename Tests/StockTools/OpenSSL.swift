import Foundation

/// A certificate authority for one test, made by OpenSSL's own program, in a directory that is
/// removed with it.
public final class TestAuthority: Sendable {
  /// PEM files.
  public struct Files: Sendable {
    public let certificate: String
    public let key: String
    public let authority: String
  }

  private let directory: URL

  public init() throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "aion-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try run(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
      "2", "-subj", "/CN=test authority", "-keyout", "ca.key", "-out", "ca.pem")
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  /// A certificate for 127.0.0.1.
  ///
  /// - Parameter names: Further alternative names, such as `URI:aion:replica`.
  public func issue(_ name: String, names: [String] = []) throws -> Files {
    let extensions = "subjectAltName=" + (["IP:127.0.0.1"] + names).joined(separator: ",")
    try Data(extensions.utf8).write(to: directory.appending(path: "\(name).ext"))
    try run(
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
      "/CN=\(name)", "-keyout", "\(name).key", "-out", "\(name).csr")
    try run(
      "x509", "-req", "-in", "\(name).csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
      "-days", "1", "-extfile", "\(name).ext", "-out", "\(name).pem")
    return Files(
      certificate: path("\(name).pem"), key: path("\(name).key"), authority: path("ca.pem"))
  }

  private func path(_ file: String) -> String { directory.appending(path: file).path }

  private func run(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    process.currentDirectoryURL = directory
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
  }

  /// It is not installed (Debian: openssl), or refuses its arguments.
  public struct Failure: Error {
    public let status: Int32
  }
}
