import Foundation
import Synchronization

/// Prometheus' own checker of metrics.
public enum Promtool {
  /// What it finds wrong with a page of metrics; empty when nothing.
  public static func complaints(about page: String) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "aion-metrics-\(UUID().uuidString)")
    try Data(page.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["promtool", "check", "metrics"]
    process.standardInput = try FileHandle(forReadingFrom: file)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(
      decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    let status = process.terminationStatus
    return status == 0 || !text.isEmpty ? text : "promtool ended with \(status)"
  }
}

/// A Prometheus server that scrapes, in a folder that goes with it.
public final class Prometheus: Sendable {
  /// It is not installed (Debian: prometheus), or does not run; with what it logged last.
  public struct Failure: Error {
    public let log: String
  }

  private let folder: URL
  private let process: Mutex<Process>

  /// - Parameters:
  ///   - targets: Where the pages are: `host:port`.
  ///   - port: Where it answers queries, on loopback.
  public init(scraping targets: [String], port: Int) throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "aion-prometheus-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let configuration = """
      global: { scrape_interval: 250ms, scrape_timeout: 250ms }
      scrape_configs:
        - job_name: aion
          static_configs: [{ targets: \(targets) }]

      """
    try Data(configuration.utf8).write(to: folder.appending(path: "prometheus.yml"))
    let log = folder.appending(path: "log")
    try Data().write(to: log)
    let child = Process()
    child.executableURL = URL(filePath: "/usr/bin/env")
    child.arguments = [
      "prometheus", "--config.file=\(folder.appending(path: "prometheus.yml").path)",
      "--storage.tsdb.path=\(folder.appending(path: "data").path)",
      "--web.listen-address=127.0.0.1:\(port)",
    ]
    child.standardInput = FileHandle.nullDevice
    let written = try FileHandle(forWritingTo: log)
    child.standardOutput = written
    child.standardError = written
    try child.run()
    process = Mutex(child)
  }

  /// - Throws: When it has ended, and what it said.
  public func checkRuns() throws {
    guard !process.withLock({ $0.isRunning }) else { return }
    let log = try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)
    throw Failure(log: String((log ?? "").suffix(2_000)))
  }

  /// Ends it, and removes what it wrote.
  public func close() {
    process.withLock { child in
      kill(child.processIdentifier, SIGKILL)
      child.waitUntilExit()
    }
    try? FileManager.default.removeItem(at: folder)
  }
}
