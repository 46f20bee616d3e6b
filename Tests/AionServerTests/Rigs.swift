import ClusterRig
import Foundation
import Testing

extension ClusterRig {
  /// Runs `body` with a group of processes that is gone afterwards.
  ///
  /// - Parameters:
  ///   - program: What is run as `aiond`; nil: `aiond`.
  ///   - options: What each process is told beside.
  ///   - settings: The same, as variables of its environment.
  ///   - hostility: What can be made to fail around the processes.
  static func run(
    founders: Int, program: String? = nil, options: [String] = [],
    settings: [String: String] = [:], hostility: Hostility = [],
    _ body: (ClusterRig) async throws -> Void
  ) async throws {
    let rig = try ClusterRig(
      program: program ?? #require(ProgramPath.find("aiond")), folder: newFolder(),
      founders: founders, heartbeat: .milliseconds(50), options: options, settings: settings,
      hostility: hostility)
    defer { rig.close() }
    try rig.startAll()
    try await body(rig)
  }

  /// The same with certificates.
  static func runSecurely(
    founders: Int, hostility: Hostility = [],
    _ body: (ClusterRig, DevelopmentCertificates) async throws -> Void
  ) async throws {
    let folder = newFolder()
    let certificates = try DevelopmentCertificates(in: "\(folder)/certs")
    let rig = try ClusterRig(
      program: #require(ProgramPath.find("aiond")), folder: folder, founders: founders,
      heartbeat: .milliseconds(50), certificates: certificates,
      hostility: hostility)
    defer { rig.close() }
    try rig.startAll()
    _ = try await rig.leader()
    try await body(rig, certificates)
  }

  private static func newFolder() -> String {
    FileManager.default.temporaryDirectory
      .appendingPathComponent("aion-rig-\(UUID().uuidString)").path
  }
}

/// A program of this package that was run to its end.
struct Ended {
  var status: Int32
  var output: String
  var errors: String

  init(
    _ name: String, _ arguments: [String], input: String = "", environment: [String: String]? = nil
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(ProgramPath.find(name)))
    process.arguments = arguments
    if let environment { process.environment = environment }
    let (typed, told, complained) = (Pipe(), Pipe(), Pipe())
    process.standardInput = typed
    process.standardOutput = told
    process.standardError = complained
    try process.run()
    try typed.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try typed.fileHandleForWriting.close()
    output = String(
      decoding: try told.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    errors = String(
      decoding: try complained.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
  }
}
