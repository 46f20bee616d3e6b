import AionLog
import AionModel
import AionRaft
import Foundation
import Testing

/// The files under the tools that everybody has: `lz4` and `protoc`.
@Suite("Stock tools read the files")
struct StockToolTests {
  private let folder: TemporaryDirectory
  private static let state = HardState(term: 3, vote: 2, commit: 1)

  init() throws {
    folder = try TemporaryDirectory()
    let (log, _) = try folder.openLog()
    try log.write([Entry(index: 1, term: 3)], hardState: Self.state)
    for index in UInt64(2)...200 {
      try log.write([LogWorld.entry(index, term: 3, size: index % 7 == 0 ? 700 : 30)])
    }
    let writer = try log.snapshots.write(
      SnapshotDescription(
        metadata: SnapshotMetadata(
          position: LogPosition(term: 3, index: 150), membership: Membership(voters: [1])),
        catalogVersion: 150))
    try writer.append(records: LogWorld.payload(60_000), count: 1)
    try writer.append(records: LogWorld.payload(65_000), count: 1)
    _ = try writer.finish(digest: SnapshotDigest(rawValue: 5))
  }

  private var closedSegments: [String] {
    get throws { try folder.names(in: "log").dropLast().map { folder.file("log/" + $0).path } }
  }

  @Test("lz4 -t accepts every closed segment, every snapshot and the identity")
  func accepted() throws {
    let closed = try closedSegments
    #expect(closed.count > 2)
    let snapshot = folder.file("snapshots/00000000000000000150.snap").path
    for path in closed + [snapshot, folder.file("identity").path] {
      let result = try Subprocess("lz4", ["-t", path])
      #expect(result.exitCode == 0, "\(path): \(result.errors)")
    }
  }

  @Test("lz4 -dc and protoc --decode print what was written")
  func decoded() throws {
    var text = ""
    for path in try closedSegments {
      let unpacked = try Subprocess("lz4", ["-dc", path])
      #expect(unpacked.exitCode == 0, "\(unpacked.errors)")
      let decoded = try Subprocess(
        "protoc",
        ["--decode", "aion.v1.LogFile", "-I", Self.schema, "aion/v1/log.proto"],
        input: unpacked.output)
      #expect(decoded.exitCode == 0, "\(decoded.errors)")
      text += decoded.text
    }
    let indexes = text.split(separator: "\n").compactMap { line in
      line.hasPrefix("  index: ") ? UInt64(line.dropFirst(9)) : nil
    }
    #expect(indexes == Array(1...UInt64(indexes.count)))
    #expect(indexes.count > 100)
    #expect(text.contains("hard_state {\n  term: 3\n  vote: 2\n  commit: 1\n}"))
    #expect(!text.contains("\n1:"), "a field that the schema does not know")
  }

  @Test("lz4 -dc gives back the chunks of a snapshot")
  func snapshot() throws {
    let path = folder.file("snapshots/00000000000000000150.snap").path
    let unpacked = try Subprocess("lz4", ["-dc", path])
    #expect(unpacked.output == LogWorld.payload(60_000) + LogWorld.payload(65_000))
  }

  private static var schema: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Docs/schema").path
  }
}
