// The first record of a snapshot (see HeaderFrame for the first 16 bytes).
//
//   offset  size
//       16     4  format version
//       20     4  bytes of the description
//       24    16  cluster id
//       40     8  id of the replica that wrote it
//       48     8  last included index
//       56     8  its term
//       64     8  creation time, nanoseconds since 1970, signed
//       72        description: aion.v1.SnapshotDescription (Docs/schema/aion/v1/log.proto)
//                 zeros up to a multiple of 16

public import AionModel
public import AionRaft
import AionWire

/// What a snapshot says about itself.
public struct SnapshotDescription: Hashable, Sendable {
  public var metadata: SnapshotMetadata
  public var catalogVersion: CatalogVersion
  /// How many records of each kind it holds, for people; in the order given.
  public var counts: [RecordCount]
  public var createdAt: WallTime

  /// How many records of one kind there are.
  public struct RecordCount: Hashable, Sendable {
    public var name: String
    public var count: Int

    public init(_ name: String, _ count: Int) {
      self.name = name
      self.count = count
    }
  }

  public init(
    metadata: SnapshotMetadata, catalogVersion: CatalogVersion, counts: [RecordCount] = [],
    createdAt: WallTime = .epoch
  ) {
    self.metadata = metadata
    self.catalogVersion = catalogVersion
    self.counts = counts
    self.createdAt = createdAt
  }
}

struct SnapshotHeader: Hashable, Sendable {
  private static let fixedLength = 72
  var owner: SegmentHeader.Owner
  var description: SnapshotDescription

  func encoded() -> [UInt8] {
    var writer = WireWriter()
    description.encode(into: &writer)
    let described = writer.bytes
    let length = (Self.fixedLength + described.count + 15) & ~15
    var bytes = [UInt8](repeating: 0, count: length)
    bytes.replaceSubrange(
      Self.fixedLength..<(Self.fixedLength + described.count), with: described)
    bytes.withUnsafeMutableBytes { buffer in
      buffer.store(FormatVersion.current.rawValue, at: 16)
      buffer.store(UInt32(described.count), at: 20)
      buffer.store(owner.cluster.rawValue, at: 24)
      buffer.store(owner.replica.rawValue, at: 40)
      buffer.store(description.metadata.position.index.rawValue, at: 48)
      buffer.store(description.metadata.position.term.rawValue, at: 56)
      buffer.store(description.createdAt.nanosecondsSince1970, at: 64)
      HeaderFrame.finish(.snapshot, in: buffer, covered: length, length: length)
    }
    return bytes
  }

  init(owner: SegmentHeader.Owner, description: SnapshotDescription) {
    self.owner = owner
    self.description = description
  }

  init(decoding bytes: UnsafeRawBufferPointer) throws(LogDamage.Finding) {
    try HeaderFrame.verifyVersioned(bytes, kind: .snapshot, minimum: Self.fixedLength)
    let count = Int(bytes.load(UInt32.self, at: 20))
    guard Self.fixedLength + count <= bytes.count else { throw .unfinished }
    owner = SegmentHeader.Owner(
      cluster: ClusterID(bytes.load(UInt128.self, at: 24)),
      replica: ReplicaID(bytes.load(UInt64.self, at: 40)))
    let index = LogIndex(bytes.load(UInt64.self, at: 48))
    guard index <= .highest else { throw .indexOutOfRange(index) }
    let position = LogPosition(
      term: Term(bytes.load(UInt64.self, at: 56)), index: index)
    description = SnapshotDescription(
      metadata: SnapshotMetadata(position: position, membership: Membership()),
      catalogVersion: .zero,
      createdAt: WallTime(nanosecondsSince1970: bytes.load(Int64.self, at: 64)))
    let described = bytes[Self.fixedLength..<(Self.fixedLength + count)]
    var reader = WireReader(unsafe: UnsafeRawBufferPointer(rebasing: described))
    do throws(WireError) {
      try description.decode(from: &reader)
    } catch {
      throw .undecodableRecord(reason: error.description)
    }
  }
}

extension SnapshotDescription {
  fileprivate func encode(into writer: inout WireWriter) {
    writer.message(1) { metadata.membership.encode(into: &$0) }
    writer.varint(2, catalogVersion.rawValue)
    for count in counts {
      writer.message(3) {
        $0.string(1, count.name)
        $0.varint(2, UInt64(count.count))
      }
    }
  }

  fileprivate mutating func decode(from reader: inout WireReader) throws(WireError) {
    while let field = try reader.next() {
      switch field.number {
      case 1:
        var nested = try reader.message(field)
        metadata.membership = try Membership(from: &nested)
      case 2: catalogVersion = CatalogVersion(try reader.uint64(field))
      case 3:
        var nested = try reader.message(field)
        counts.append(try RecordCount(from: &nested))
      default: try reader.skip(field)
      }
    }
  }
}

extension SnapshotDescription.RecordCount {
  fileprivate init(from reader: inout WireReader) throws(WireError) {
    self.init("", 0)
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try reader.string(field)
      case 2:
        guard let value = Int(exactly: try reader.uint64(field)) else {
          throw reader.outOfRange(field)
        }
        count = value
      default: try reader.skip(field)
      }
    }
  }
}
