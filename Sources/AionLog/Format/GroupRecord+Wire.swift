// aion.v1.Group (Docs/schema/aion/v1/log.proto) and the file around it: see GroupRecord.swift

import AionModel
public import AionWire

extension GroupRecord {
  static let fileName = "group"
  private static let fixedLength = 32

  func encoded() -> [UInt8] {
    var writer = WireWriter()
    for founder in founders { writer.alwaysVarint(1, founder.rawValue) }
    for life in lives { writer.message(2) { life.encode(into: &$0) } }
    writer.bool(3, isIntroduced)
    writer.varint(4, generation.rawValue)
    if let recovery { writer.message(5) { recovery.encode(into: &$0) } }
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
    let described = bytes[Self.fixedLength..<(Self.fixedLength + count)]
    var reader = WireReader(unsafe: UnsafeRawBufferPointer(rebasing: described))
    do throws(WireError) {
      try self.init(of: Incarnation(bytes.load(UInt64.self, at: 24)), from: &reader)
    } catch {
      throw .undecodableRecord(reason: error.description)
    }
  }

  private init(
    of incarnation: Incarnation, from reader: inout WireReader
  ) throws(WireError) {
    var (founders, lives) = ([ReplicaID](), [Life]())
    var (isIntroduced, generation) = (false, Generation(0))
    var recovery: Recovery?
    while let field = try reader.next() {
      switch field.number {
      case 1: founders.append(ReplicaID(try reader.uint64(field)))
      case 2:
        var nested = try reader.message(field)
        let life = try Life(from: &nested)
        guard !lives.contains(where: { $0.replica == life.replica }) else {
          throw reader.outOfRange(field)
        }
        lives.append(life)
      case 3: isIntroduced = try reader.bool(field)
      case 4: generation = Generation(try reader.uint64(field))
      case 5:
        var nested = try reader.message(field)
        recovery = try Recovery(from: &nested)
      default: try reader.skip(field)
      }
    }
    self.init(
      incarnation: incarnation, generation: generation, founders: founders,
      isIntroduced: isIntroduced, lives: lives, recovery: recovery)
  }
}

extension GroupRecord {
  /// The record of a data directory, or nil for one that has none.
  ///
  /// - Throws: `damaged` when neither of its two copies holds.
  public static func read(
    from directory: some LogDirectory
  ) throws(LogFault) -> GroupRecord? {
    try kept(in: directory).record
  }

  static func kept(
    in directory: some LogDirectory
  ) throws(LogFault) -> KeptTwice<GroupRecord> {
    try directory.readTwice(fileName, limit: 1 << 16) { (bytes) throws(LogDamage.Finding) in
      try GroupRecord(decoding: bytes)
    }
  }

  /// Writes both copies, each in one step.
  func write(to directory: some LogDirectory) throws(LogFault) {
    try directory.writeTwice(encoded(), as: Self.fileName)
  }
}

extension GroupRecord.Life {
  public func encode(into writer: inout WireWriter) {
    writer.varint(1, replica.rawValue)
    writer.varint(2, incarnation.rawValue)
    writer.varint(3, generation.rawValue)
  }

  public init(from reader: inout WireReader) throws(WireError) {
    self.init(0, 0)
    while let field = try reader.next() {
      switch field.number {
      case 1: replica = ReplicaID(try reader.uint64(field))
      case 2: incarnation = Incarnation(try reader.uint64(field))
      case 3: generation = Generation(try reader.uint64(field))
      default: try reader.skip(field)
      }
    }
    guard replica.rawValue > 0 else { throw reader.missing(1) }
    guard incarnation.rawValue > 0 else { throw reader.missing(2) }
  }
}

extension GroupRecord.Recovery {
  fileprivate func encode(into writer: inout WireWriter) {
    for former in formers { writer.alwaysVarint(1, former.rawValue) }
    writer.string(2, damage)
    writer.bool(3, isSettled)
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    self.init()
    while let field = try reader.next() {
      switch field.number {
      case 1: formers.append(Incarnation(try reader.uint64(field)))
      case 2: damage = try reader.string(field)
      case 3: isSettled = try reader.bool(field)
      default: try reader.skip(field)
      }
    }
  }
}
