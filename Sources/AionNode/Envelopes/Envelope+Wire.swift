// aion.v1.Envelope (Docs/schema/aion/v1/node.proto)

import AionLog
import AionModel
import AionRaft
public import AionWire

extension Envelope {
  /// The bytes that a network carries.
  public func encoded() -> [UInt8] {
    var writer = WireWriter(reservingCapacity: 128 + contentLength)
    encode(into: &writer)
    return writer.take()
  }

  /// About the bytes of what is long in it: entries, a piece of a snapshot.
  private var contentLength: Int {
    switch body {
    case .raft(let message):
      guard case .append(_, _, let entries, _) = message.body else { return 0 }
      // With when each was proposed, which does not count in raft.
      return entries.reduce(0) { $0 + $1.countedSize.bytes + 12 }
    case .snapshotChunk(let piece): return piece.bytes.count
    default: return 0
    }
  }

  /// - Throws: What makes the bytes no envelope; fields that are not known are passed over.
  public init(decoding bytes: [UInt8]) throws(WireError) {
    self = try WireReader.reading(bytes) { (reader) throws(WireError) in
      try Envelope(from: &reader)
    }
  }

  /// Appends the fields of the envelope, without a length before them.
  public func encode(into writer: inout WireWriter) {
    writer.varint(1, from.rawValue)
    writer.varint(2, to.rawValue)
    writer.cluster(3, cluster)
    writer.fixed64(5, incarnation.rawValue)
    switch body {
    case .raft(let message): writer.message(6) { message.encode(into: &$0) }
    case .introduction(let introduction): writer.message(7) { introduction.encode(into: &$0) }
    case .refusal(let refusal): writer.message(8) { refusal.encode(into: &$0) }
    case .snapshotOffer(let offer): writer.message(9) { offer.encode(into: &$0) }
    case .snapshotChunk(let piece): writer.message(10) { piece.encode(into: &$0) }
    case .snapshotProgress(let progress): writer.message(11) { progress.encode(into: &$0) }
    case .readmission(let readmission): writer.message(12) { readmission.encode(into: &$0) }
    }
    writer.varint(13, generation.rawValue)
    writer.bool(14, isRecovering)
  }

  /// Reads fields to the end of the message.
  ///
  /// - Throws: As `init(decoding:)`.
  public init(from reader: inout WireReader) throws(WireError) {
    var (from, to) = (ReplicaID(0), ReplicaID(0))
    var cluster = ClusterHalves()
    var incarnation = Incarnation(0)
    var (generation, isRecovering) = (Generation(0), false)
    var body: Body?
    while let field = try reader.next() {
      switch field.number {
      case 1: from = ReplicaID(try reader.uint64(field))
      case 2: to = ReplicaID(try reader.uint64(field))
      case 3: cluster.low = try reader.fixed64(field)
      case 4: cluster.high = try reader.fixed64(field)
      case 5: incarnation = Incarnation(try reader.fixed64(field))
      case 6...12: body = try Body(field, of: &reader)
      case 13: generation = Generation(try reader.uint64(field))
      case 14: isRecovering = try reader.bool(field)
      default: try reader.skip(field)
      }
    }
    guard from.rawValue > 0 else { throw reader.missing(1) }
    guard to.rawValue > 0 else { throw reader.missing(2) }
    guard let body else { throw reader.missing(6) }
    self.init(
      from: from, to: to, cluster: cluster.id, incarnation: incarnation, generation: generation,
      isRecovering: isRecovering, body)
  }
}

extension Envelope.Body {
  fileprivate init(_ field: WireReader.Field, of reader: inout WireReader) throws(WireError) {
    var nested = try reader.message(field)
    self =
      switch field.number {
      case 6: .raft(try Message(from: &nested))
      case 7: .introduction(try Introduction(from: &nested))
      case 8: .refusal(try EnvelopeRefusal(from: &nested))
      case 9: .snapshotOffer(try SnapshotOffer(from: &nested))
      case 10: .snapshotChunk(try SnapshotChunk(from: &nested))
      case 11: .snapshotProgress(try SnapshotProgress(from: &nested))
      default: .readmission(try Readmission(from: &nested))
      }
  }
}

/// A cluster's id in two fields of 64 bits.
private struct ClusterHalves {
  var low: UInt64 = 0
  var high: UInt64 = 0

  var id: ClusterID { ClusterID(UInt128(high) << 64 | UInt128(low)) }
}

extension WireWriter {
  /// Takes the field after `field` too.
  fileprivate mutating func cluster(_ field: UInt32, _ cluster: ClusterID) {
    fixed64(field, UInt64(truncatingIfNeeded: cluster.rawValue))
    fixed64(field + 1, UInt64(truncatingIfNeeded: cluster.rawValue >> 64))
  }
}

extension WireReader {
  fileprivate mutating func size(_ field: Field) throws(WireError) -> ByteCount {
    guard let bytes = Int(exactly: try uint64(field)) else { throw outOfRange(field) }
    return ByteCount(bytes)
  }
}

// MARK: - Who is who

extension Introduction {
  fileprivate func encode(into writer: inout WireWriter) {
    for life in lives { writer.message(1) { life.encode(into: &$0) } }
    writer.bool(2, wantsAnswer)
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    self.init(lives: [], wantsAnswer: false)
    while let field = try reader.next() {
      switch field.number {
      case 1:
        var nested = try reader.message(field)
        lives.append(try GroupRecord.Life(from: &nested))
      case 2: wantsAnswer = try reader.bool(field)
      default: try reader.skip(field)
      }
    }
  }
}

extension EnvelopeRefusal {
  fileprivate func encode(into writer: inout WireWriter) {
    switch self {
    case .otherCluster(let own): writer.cluster(1, own)
    case .otherIncarnation(let known): writer.fixed64(3, known.rawValue)
    }
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    var cluster = ClusterHalves()
    var known: Incarnation?
    while let field = try reader.next() {
      switch field.number {
      case 1: cluster.low = try reader.fixed64(field)
      case 2: cluster.high = try reader.fixed64(field)
      case 3: known = Incarnation(try reader.fixed64(field))
      default: try reader.skip(field)
      }
    }
    self = known.map { .otherIncarnation(known: $0) } ?? .otherCluster(cluster.id)
  }
}

extension Readmission {
  fileprivate func encode(into writer: inout WireWriter) {
    for former in formers { writer.alwaysVarint(1, former.rawValue) }
    writer.varint(2, term.rawValue)
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    self.init(formers: [], term: .zero)
    while let field = try reader.next() {
      switch field.number {
      case 1: formers.append(Incarnation(try reader.uint64(field)))
      case 2: term = Term(try reader.uint64(field))
      default: try reader.skip(field)
      }
    }
  }
}

// MARK: - Snapshots

extension SnapshotFileID {
  fileprivate func encode(into writer: inout WireWriter) {
    writer.varint(1, position.index.rawValue)
    writer.varint(2, position.term.rawValue)
    writer.varint(3, UInt64(size.bytes))
    writer.fixed32(4, checksum)
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    self.init(position: .zero, size: .zero, checksum: 0)
    while let field = try reader.next() {
      switch field.number {
      case 1: position.index = LogIndex(try reader.uint64(field))
      case 2: position.term = Term(try reader.uint64(field))
      case 3: size = try reader.size(field)
      case 4: checksum = try reader.fixed32(field)
      default: try reader.skip(field)
      }
    }
    guard position.index > .zero else { throw reader.missing(1) }
    guard size > .zero else { throw reader.missing(3) }
  }
}

extension SnapshotOffer {
  fileprivate func encode(into writer: inout WireWriter) {
    writer.message(1) { file.encode(into: &$0) }
    writer.varint(2, term.rawValue)
    writer.message(3) { metadata.membership.encode(into: &$0) }
    for life in lives { writer.message(4) { life.encode(into: &$0) } }
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    var file: SnapshotFileID?
    var term = Term.zero
    var membership = Membership()
    var lives: [GroupRecord.Life] = []
    while let field = try reader.next() {
      switch field.number {
      case 1:
        var nested = try reader.message(field)
        file = try SnapshotFileID(from: &nested)
      case 2: term = Term(try reader.uint64(field))
      case 3:
        var nested = try reader.message(field)
        membership = try Membership(from: &nested)
      case 4:
        var nested = try reader.message(field)
        lives.append(try GroupRecord.Life(from: &nested))
      default: try reader.skip(field)
      }
    }
    guard let file else { throw reader.missing(1) }
    let metadata = SnapshotMetadata(position: file.position, membership: membership)
    self.init(file: file, term: term, metadata: metadata, lives: lives)
  }
}

extension SnapshotChunk {
  fileprivate func encode(into writer: inout WireWriter) {
    writer.message(1) { file.encode(into: &$0) }
    writer.varint(2, UInt64(offset.bytes))
    writer.bytes(3, bytes)
    writer.fixed32(4, checksum)
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    var file: SnapshotFileID?
    var offset = ByteCount.zero
    var bytes: [UInt8] = []
    var checksum: UInt32 = 0
    while let field = try reader.next() {
      switch field.number {
      case 1:
        var nested = try reader.message(field)
        file = try SnapshotFileID(from: &nested)
      case 2: offset = try reader.size(field)
      case 3: bytes = try reader.bytes(field)
      case 4: checksum = try reader.fixed32(field)
      default: try reader.skip(field)
      }
    }
    guard let file else { throw reader.missing(1) }
    self.init(file: file, offset: offset, bytes: bytes, checksum: checksum)
  }
}

extension SnapshotProgress {
  fileprivate func encode(into writer: inout WireWriter) {
    writer.message(1) { file.encode(into: &$0) }
    switch state {
    case .wants(let offset): writer.alwaysVarint(2, UInt64(offset.bytes))
    case .done: writer.bool(3, true)
    case .refused: writer.bool(4, true)
    }
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    var file: SnapshotFileID?
    var state: State?
    while let field = try reader.next() {
      switch field.number {
      case 1:
        var nested = try reader.message(field)
        file = try SnapshotFileID(from: &nested)
      case 2: state = .wants(from: try reader.size(field))
      case 3: state = try reader.bool(field) ? .done : state
      case 4: state = try reader.bool(field) ? .refused : state
      default: try reader.skip(field)
      }
    }
    guard let file else { throw reader.missing(1) }
    guard let state else { throw reader.missing(2) }
    self.init(file: file, state: state)
  }
}
