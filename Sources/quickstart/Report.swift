import CrashRig
import Foundation
import PostgresCapture

/// What a run has to tell machines.
struct Report: Encodable {
  var seed: UInt64
  var directory: String
  var imported: ImportReport?
  var crash: CrashReport?
  var files: FileReport?
  var inspector: InspectorReport?

  func print() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try FileHandle.standardOutput.write(contentsOf: try encoder.encode(self) + Data("\n".utf8))
  }
}

struct ImportReport: Encodable {
  var summary: PostgresImporter.Summary
  var catalogVersion: UInt64
  var placementEpoch: UInt64
  var digest: String
  var seconds: Double
}

struct CrashReport: Encodable {
  var killedAfter: Int
  var outcome: CrashRound.Outcome
}

struct FileReport: Encodable {
  var segments = 0
  var batches = 0
  var entries = 0
  /// Records before compression.
  var bytesRaw = 0
  /// Records as they are in the files, with their headers.
  var bytesPacked = 0
  /// The files, room written ahead included.
  var bytesOnDisk = 0
}

struct InspectorReport: Encodable {
  var verifyExitCode: Int32
}
