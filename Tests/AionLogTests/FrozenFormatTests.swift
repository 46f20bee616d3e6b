import AionCluster
import AionLog
import AionModel
import AionRaft
import Foundation
import Testing

/// The files in fixtures/log/version-1 were written by the first version and are never written
/// anew: whatever changes, they must be read as they are. They were made by
///
///     AION_WRITE_FIXTURES=1 swift test --filter FrozenFormatTests
@Suite("Files of the first format version")
struct FrozenFormatTests {
  private static let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("fixtures/log/version-1").path

  private static let identity = LogIdentity(
    cluster: ClusterID(0x0123_4567_89AB_CDEF_0011_2233_4455_6677), replica: 42, nodeName: "zürich-1"
  )
  private static let state = HardState(term: 6, vote: 42, commit: 9)
  private static let snapshot = SnapshotDescription(
    metadata: SnapshotMetadata(
      position: LogPosition(term: 5, index: 4),
      membership: Membership(voters: [41, 42, 43], learners: [44])),
    catalogVersion: 3, counts: [.init("shards", 2), .init("nodes", 1)],
    createdAt: WallTime(nanosecondsSince1970: 1_772_368_496_789_000_000))

  private static let entries: [Entry] =
    [Entry(index: 1, term: 5)]
    + LogWorld.entries(2...6, term: 5, size: 40)
    + [
      Entry(
        index: 7, term: 5,
        payload: .configuration(
          ConfigurationChange(
            transition: .implicit, steps: [.addVoter(44), .remove(41)], context: [1, 2, 3])))
    ]
    + [8, 9, 10].map { index in
      Entry(
        index: index, term: 6, proposedAt: WallTime(nanosecondsSince1970: -1),
        payload: .command([UInt8](repeating: UInt8(index.rawValue), count: 300)))
    }

  private static let names = [
    "identity", "log/00000000000000000001.log", "log/00000000000000000008.log",
    "snapshots/00000000000000000004.snap",
  ]

  private static func write(to path: String) throws {
    let limits = LogLimits(segmentSize: 640, preallocation: .zero, growth: .zero)
    let (log, _) = try Log.open(
      try PosixLogDirectory(path: path, creating: true), as: identity, limits: limits,
      now: WallTime(nanosecondsSince1970: 1_772_368_496_000_000_000))
    try log.write([], hardState: HardState(term: 5, vote: 42))
    try log.write(Array(entries[..<5]))
    try log.write(Array(entries[5..<7]))
    try log.write([], hardState: HardState(term: 6, vote: 42, commit: 7))
    try log.write(LogWorld.entries(8...12, term: 6))
    try log.write(Array(entries[7...]), hardState: state)
    let writer = try log.snapshots.write(snapshot)
    try writer.append(records: LogWorld.payload(200), count: 3)
    _ = try writer.finish(digest: SnapshotDigest(rawValue: 0xFEED_F00D))
  }

  @Test("The fixture is written when asked for")
  func writes() throws {
    let isAsked = ProcessInfo.processInfo.environment["AION_WRITE_FIXTURES"] == "1"
    let folder = try TemporaryDirectory()
    try Self.write(to: folder.path + "/data")
    guard isAsked, !FileManager.default.fileExists(atPath: Self.fixture) else {
      #expect(try folder.names(in: "log").map { "log/" + $0 } == Array(Self.names[1...2]))
      return
    }
    for name in Self.names {
      let target = URL(fileURLWithPath: Self.fixture).appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: folder.file(name), to: target)
    }
  }

  @Test("The fixture opens with what was written into it")
  func opens() throws {
    let folder = try TemporaryDirectory()
    try FileManager.default.copyItem(atPath: Self.fixture, toPath: folder.path + "/data")
    let (log, recovered) = try Log.open(try folder.directory(), as: Self.identity)
    #expect(recovered.snapshot == Self.snapshot)
    #expect(recovered.entries == Array(Self.entries[4...]))
    #expect(recovered.hardState == Self.state)
    #expect(recovered.report.tornTail == nil)
    var reader = try log.snapshots.read(at: 4)
    #expect(try reader.next() == LogWorld.payload(200))
    #expect(try reader.next() == nil)
    #expect(reader.footer?.digest == SnapshotDigest(rawValue: 0xFEED_F00D))
  }

  @Test("The fixture's records are where they were, header for header")
  func scans() throws {
    let directory = try PosixLogDirectory(path: Self.fixture, creating: false)
    #expect(try LogIdentity.read(from: directory) == Self.identity)
    var scanner = try LogScanner(directory, owner: Self.identity.owner)
    var places: [String] = []
    while let event = try scanner.next() {
      switch event {
      case .segment(let name, let header): places.append("\(name) after \(header.base)")
      case .batch(let header, let batch):
        let state = batch.hardState.map { " state \($0.term)" } ?? ""
        places.append("\(header.offset.bytes): \(header.firstIndex)+\(header.count)\(state)")
      case .seal(let seal): places.append("\(seal.offset.bytes): seal, \(seal.entries) entries")
      case .segmentEnd(let offset, let size): places.append("\(offset.bytes) of \(size.bytes)")
      case .torn: places.append("torn")
      }
    }
    #expect(places == Self.places)
  }

  private static let places = [
    "log/00000000000000000001.log after 0/0", "128: 1+0 state 5", "240: 1+5", "560: 6+2",
    "736: seal, 7 entries", "832 of 832", "log/00000000000000000008.log after 5/7",
    "128: 8+0 state 6", "240: 8+5", "528: 8+3 state 6", "688 of 688",
  ]
}
