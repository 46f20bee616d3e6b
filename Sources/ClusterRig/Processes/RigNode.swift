import AionRPC
import Foundation
import Synchronization

/// One process of a group, its folder and its ports.
final class RigNode: Sendable {
  /// Its ports of loopback.
  struct Ports {
    /// Where it listens.
    var own: Int
    var pages: Int
    /// Where others reach it: its proxy's, or its own.
    var advertised: Int
  }

  let number: Int
  let ports: Ports
  let folder: String
  private let program: String
  private let settings: [String: String]
  private let tls: TLSFiles?
  /// nil: its disk and clock do what the machine's do.
  let system: HostileSystem?
  private let process = Mutex<Process?>(nil)

  var name: String { "n\(number)" }
  /// Where others reach it.
  var address: Address { Address(host: "127.0.0.1", port: ports.advertised) }
  var data: String { folder + "/data" }
  private var logPath: String { folder + "/log" }

  init(
    number: Int, ports: Ports, folder: String, program: String,
    settings: [String: String], tls: TLSFiles?, isSystemHostile: Bool
  ) throws(RigFailure) {
    self.number = number
    self.ports = ports
    self.folder = folder
    self.program = program
    self.settings = settings
    self.tls = tls
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .system("cannot make \(folder): \(error)")
    }
    system = isSystemHostile ? try HostileSystem(in: folder, for: "data") : nil
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
    if !FileManager.default.fileExists(atPath: logPath) {
      _ = FileManager.default.createFile(atPath: logPath, contents: nil)
    }
    let log = try FileHandle(forWritingTo: URL(fileURLWithPath: logPath))
    try log.seekToEnd()
    let child = Process()
    child.executableURL = URL(fileURLWithPath: program)
    child.arguments =
      [
        "--data", data, "--name", name, "--listen", "127.0.0.1:\(ports.own)", "--http",
        "127.0.0.1:\(ports.pages)",
      ] + (ports.advertised == ports.own ? [] : ["--advertise", "\(address)"]) + tlsArguments
      + arguments
    child.environment = ProcessInfo.processInfo.environment.merging(settings) { $1 }
      .merging(system?.environment ?? [:]) { $1 }
    child.standardError = log
    child.standardOutput = log
    child.standardInput = FileHandle.nullDevice
    try child.run()
    process.withLock { $0 = child }
  }

  /// nil when it does not run.
  var processIdentifier: Int32? {
    process.withLock { child in
      child.flatMap { $0.isRunning ? $0.processIdentifier : nil }
    }
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
