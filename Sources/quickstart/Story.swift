import AionCluster
import AionModel
import CrashRig
import Foundation
import PostgresCapture

/// The steps of the quickstart, each told as it happens.
struct Story {
  let narrator: Narrator
  let directory: String
  let tasks: Int
  let seed: UInt64

  /// Begins with an empty data directory; what an earlier run left there goes.
  func prepareDirectory() throws {
    let files = FileManager.default
    if files.fileExists(atPath: directory) {
      let isOurs =
        try files.fileExists(atPath: directory + "/identity")
        || files.contentsOfDirectory(atPath: directory).isEmpty
      guard isOurs else { throw StoryError.foreignDirectory(directory) }
      try files.removeItem(atPath: directory)
    }
    try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  func importCapture(at path: String) async throws -> ImportReport {
    narrator.title("1. A real PostgreSQL catalog goes in")
    let capture = try PostgresCapture(directory: path)
    narrator.done(
      "read \(path): \(capture.databaseCount) databases, \(capture.roleCount) roles, "
        + "\(grouped(capture.tableCount)) tables")
    let clock = ContinuousClock()
    let start = clock.now
    let plane = try await DurableControlPlane.open(at: directory)
    try await plane.bootstrapDefault(owner: "postgres")
    let importer = PostgresImporter(capture: capture, topology: .threeRegions)
    let summary = try await importer.run(on: plane) { progress in
      if case .shards(let done, let total) = progress {
        narrator.progress("\(grouped(done)) of \(grouped(total)) shards")
      }
    }
    let elapsed = clock.now - start
    let snapshot = plane.snapshot()
    narrator.done(
      "\(summary.nodes) nodes in 3 regions, \(summary.databases) databases, "
        + "\(summary.roles) roles (password hashes kept, never shown)")
    narrator.done(
      "\(grouped(summary.tables)) tables in \(grouped(summary.shards)) shards with "
        + "\(grouped(summary.replicas)) replicas, every write synced, in \(elapsed.rounded)")
    narrator.note(
      "catalog version \(snapshot.catalogVersion), placement epoch \(snapshot.placementEpoch), "
        + "digest \(snapshot.digest)")
    await plane.close()
    return ImportReport(
      summary: summary, catalogVersion: snapshot.catalogVersion.rawValue,
      placementEpoch: snapshot.placementEpoch.rawValue, digest: "\(snapshot.digest)",
      seconds: Double(elapsed.components.seconds)
        + Double(elapsed.components.attoseconds) / 1e18)
  }

  func killWhileWriting() async throws -> CrashReport {
    narrator.title("2. \(tasks) tasks write, and the process is killed with SIGKILL")
    var chance = SplitMix64(seed: seed)
    let killAfter = Int.random(in: 5_000...50_000, using: &chance)
    let round = CrashRound(
      executable: try Self.ownExecutable(),
      childArguments: [
        "write-until-killed", "--directory", directory, "--tasks", String(tasks),
      ],
      directory: directory, tasks: tasks, killAfter: killAfter)
    var ledger = Ledger()
    narrator.progress("killing it after \(grouped(killAfter)) acknowledged writes (seed \(seed))")
    let outcome = try await round.run(ledger: &ledger)
    narrator.done(
      "killed after \(grouped(killAfter)) acknowledged writes "
        + "(seed \(seed)); \(grouped(outcome.acknowledged)) were acknowledged in all")
    narrator.done(
      "reopened\(outcome.tornTailDropped ? ", a torn tail was dropped" : ""): every acknowledged "
        + "write is there, none is half there")
    narrator.note(
      "\(outcome.unacknowledgedFound) of the \(tasks) writes under way had reached the disk")
    narrator.note("catalog version \(outcome.recoveredVersion), never below what was acknowledged")
    narrator.done("a replay of the files gives the same digest, \(outcome.digest)")
    return CrashReport(killedAfter: killAfter, outcome: outcome)
  }

  static func ownExecutable() throws -> String {
    guard let path = Bundle.main.executablePath else { throw StoryError.noExecutable }
    return path
  }
}

enum StoryError: Error, CustomStringConvertible {
  case foreignDirectory(String)
  case noExecutable
  case inspectorComplains

  var description: String {
    switch self {
    case .foreignDirectory(let path):
      "\(path) holds files that are not a data directory; name another with --directory"
    case .inspectorComplains: "aionlog verify did not find the files clean; what it found is above"
    case .noExecutable: "cannot tell where this program is; run it by its path"
    }
  }
}
