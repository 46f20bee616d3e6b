// The file `group`, one header of variable length (see HeaderFrame for the first 16 bytes).
//
//   offset  size
//       16     4  format version
//       20     4  bytes of the description
//       24     8  incarnation of this directory
//       32        description: aion.v1.Group (Docs/schema/aion/v1/log.proto)

public import AionModel
public import AionWire

/// What a replica knows of its group beside the log: how it began, and which lives of which
/// directories are its members'.
///
/// Written before anything else in a new directory, and replaced in one step when it changes.
public struct GroupRecord: Hashable, Sendable {
  /// Of this very directory.
  public var incarnation: Incarnation
  /// The members that the group was founded with, in ascending order; empty in the directory of a
  /// replica that joined later.
  public var founders: [ReplicaID]
  /// Whether every founder has this directory's incarnation on its disk: before, this replica
  /// promises nothing. Always, for one that founded a group alone or joined one.
  public var isIntroduced: Bool
  /// The directories that are known as members', by ascending replica.
  public private(set) var lives: [Life] = []

  /// Which directory is a replica's.
  @frozen
  public struct Life: Hashable, Sendable {
    public var replica: ReplicaID
    public var incarnation: Incarnation

    public init(_ replica: ReplicaID, _ incarnation: Incarnation) {
      self.replica = replica
      self.incarnation = incarnation
    }
  }

  public init(incarnation: Incarnation, founders: [ReplicaID]) {
    self.incarnation = incarnation
    self.founders = Set(founders).sorted()
    isIntroduced = self.founders.count <= 1
  }

  /// The incarnation that a replica is known by.
  public func incarnation(of replica: ReplicaID) -> Incarnation? {
    lives.first { $0.replica == replica }?.incarnation
  }

  /// Takes note of a life. The first that is known of a replica stays: ids are never used again.
  ///
  /// - Returns: Whether it is news.
  public mutating func learn(_ life: Life) -> Bool {
    let place = lives.firstIndex { $0.replica >= life.replica } ?? lives.endIndex
    if place < lives.endIndex, lives[place].replica == life.replica { return false }
    lives.insert(life, at: place)
    return true
  }
}

// MARK: - The file

extension GroupRecord {
  static let fileName = "group"
  private static let fixedLength = 32

  func encoded() -> [UInt8] {
    var writer = WireWriter()
    for founder in founders { writer.alwaysVarint(1, founder.rawValue) }
    for life in lives { writer.message(2) { life.encode(into: &$0) } }
    writer.bool(3, isIntroduced)
    let described = writer.bytes
    var bytes = [UInt8](repeating: 0, count: Self.fixedLength) + described
    bytes.withUnsafeMutableBytes { buffer in
      buffer.store(FormatVersion.current.rawValue, at: 16)
      buffer.store(UInt32(described.count), at: 20)
      buffer.store(incarnation.rawValue, at: 24)
      HeaderFrame.finish(.group, in: buffer, covered: buffer.count, length: buffer.count)
    }
    return bytes
  }

  init(decoding bytes: UnsafeRawBufferPointer) throws(LogDamage.Finding) {
    try HeaderFrame.verifyVersioned(bytes, kind: .group, minimum: Self.fixedLength)
    let count = Int(bytes.load(UInt32.self, at: 20))
    guard Self.fixedLength + count <= bytes.count else { throw .unfinished }
    self.init(incarnation: Incarnation(bytes.load(UInt64.self, at: 24)), founders: [])
    isIntroduced = false
    let described = bytes[Self.fixedLength..<(Self.fixedLength + count)]
    var reader = WireReader(unsafe: UnsafeRawBufferPointer(rebasing: described))
    do throws(WireError) {
      try decode(from: &reader)
    } catch {
      throw .undecodableRecord(reason: error.description)
    }
  }

  private mutating func decode(from reader: inout WireReader) throws(WireError) {
    while let field = try reader.next() {
      switch field.number {
      case 1: founders.append(ReplicaID(try reader.uint64(field)))
      case 2:
        var nested = try reader.message(field)
        guard learn(try Life(from: &nested)) else { throw reader.outOfRange(field) }
      case 3: isIntroduced = try reader.bool(field)
      default: try reader.skip(field)
      }
    }
  }

  /// The record of a data directory, or nil for one that has none.
  public static func read(
    from directory: some LogDirectory
  ) throws(LogFault) -> GroupRecord? {
    guard let bytes = try directory.smallFile(fileName, limit: 1 << 16) else { return nil }
    do throws(LogDamage.Finding) {
      return try bytes.withBytes { (buffer) throws(LogDamage.Finding) in
        try GroupRecord(decoding: buffer)
      }
    } catch {
      throw .damaged(LogDamage(file: fileName, offset: .zero, after: .zero, finding: error))
    }
  }

  /// Writes the record in one step: the file holds it whole, or what it held before.
  func write(to directory: some LogDirectory) throws(LogFault) {
    try directory.writeAtomically(encoded(), as: Self.fileName)
  }
}

extension GroupRecord.Life {
  public func encode(into writer: inout WireWriter) {
    writer.varint(1, replica.rawValue)
    writer.varint(2, incarnation.rawValue)
  }

  public init(from reader: inout WireReader) throws(WireError) {
    self.init(0, 0)
    while let field = try reader.next() {
      switch field.number {
      case 1: replica = ReplicaID(try reader.uint64(field))
      case 2: incarnation = Incarnation(try reader.uint64(field))
      default: try reader.skip(field)
      }
    }
    guard replica.rawValue > 0 else { throw reader.missing(1) }
    guard incarnation.rawValue > 0 else { throw reader.missing(2) }
  }
}
