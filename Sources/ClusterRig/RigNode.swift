import AionRPC
import Foundation
import Synchronization

/// One process of a group, its folder and its ports.
final class RigNode: Sendable {
  let number: Int
  let port: Int
  let pagePort: Int
  let folder: String
  private let program: String
  private let settings: [String: String]
  private let tls: TLSFiles?
  private let process = Mutex<Process?>(nil)

  var name: String { "n\(number)" }
  var address: String { "127.0.0.1:\(port)" }
  var data: String { folder + "/data" }
  private var logPath: String { folder + "/log" }

  init(
    number: Int, ports: (rpc: Int, pages: Int), folder: String, program: String,
    settings: [String: String], tls: TLSFiles?
  ) {
    self.number = number
    port = ports.rpc
    pagePort = ports.pages
    self.folder = folder
    self.program = program
    self.settings = settings
    self.tls = tls
  }

  private var tlsArguments: [String] {
    guard let tls, let identity = tls.identity else { return [] }
    return [
      "--tls-certificate", identity.certificate, "--tls-key", identity.key, "--tls-authority",
      tls.authority,
    ]
  }

  /// - Parameter arguments: Beside those that name folder, ports and certificates.
  func start(_ arguments: [String]) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if !FileManager.default.fileExists(atPath: logPath) {
      _ = FileManager.default.createFile(atPath: logPath, contents: nil)
    }
    let log = try FileHandle(forWritingTo: URL(fileURLWithPath: logPath))
    try log.seekToEnd()
    let child = Process()
    child.executableURL = URL(fileURLWithPath: program)
    child.arguments =
      [
        "--data", data, "--name", name, "--listen", address, "--http", "127.0.0.1:\(pagePort)",
      ] + tlsArguments + arguments
    child.environment = ProcessInfo.processInfo.environment.merging(settings) { $1 }
    child.standardError = log
    child.standardOutput = log
    child.standardInput = FileHandle.nullDevice
    try child.run()
    process.withLock { $0 = child }
  }

  var isRunning: Bool { process.withLock { $0?.isRunning ?? false } }

  func send(_ signal: Int32) {
    process.withLock { child in
      if let child, child.isRunning { kill(child.processIdentifier, signal) }
    }
  }

  /// Has it hang, and waits until it does: while the signal is on its way its threads go on.
  func pause() {
    let identifier = process.withLock { child -> Int32? in
      guard let child, child.isRunning else { return nil }
      kill(child.processIdentifier, SIGSTOP)
      return child.processIdentifier
    }
    guard let identifier else { return }
    var information = siginfo_t()
    while waitid(P_PID, id_t(identifier), &information, WSTOPPED | WNOWAIT) == -1, errno == EINTR {}
  }

  /// Waits until the process has ended.
  ///
  /// - Returns: What it ended with; nil when it was never started.
  @discardableResult
  func wait() -> Int32? {
    let child = process.withLock { $0 }
    guard let child else { return nil }
    child.waitUntilExit()
    return child.terminationStatus
  }

  /// The newest lines of its log.
  func log(lines: Int = 20) -> String {
    let text = (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").suffix(lines).joined(separator: "\n")
  }
}
