/// Reads Protocol Buffers fields in the order in which they stand.
///
///     while let field = try reader.next() {
///       switch field.number {
///       case 1: index = try reader.uint64(field)
///       case 2: name = try reader.string(field)
///       default: try reader.skip(field)
///       }
///     }
///
/// Nothing is believed: every length is checked against what is left of the enclosing message
/// before anything is allocated, and every error carries its offset. A reader borrows the bytes of
/// the buffer it was made from and must not outlive it; `WireReader.reading` sees to that.
@frozen
public struct WireReader {
  /// Messages may nest this deep; the deepest of ours nests to six.
  public static let maximumDepth = 32

  /// A field's number and wire type, and where its tag stood.
  @frozen
  public struct Field: Sendable {
    public var number: UInt32
    public var type: WireType
    public var offset: Int

    @inlinable
    init(number: UInt32, type: WireType, offset: Int) {
      self.number = number
      self.type = type
      self.offset = offset
    }
  }

  @usableFromInline let buffer: UnsafeRawBufferPointer
  @usableFromInline var position: Int
  @usableFromInline let end: Int
  @usableFromInline let depth: Int

  @usableFromInline
  init(buffer: UnsafeRawBufferPointer, position: Int, end: Int, depth: Int) {
    self.buffer = buffer
    self.position = position
    self.end = end
    self.depth = depth
  }

  /// A reader over memory that the caller keeps valid while the reader is in use.
  @inlinable
  public init(unsafe buffer: UnsafeRawBufferPointer) {
    self.init(buffer: buffer, position: 0, end: buffer.count, depth: 0)
  }

  /// Runs `body` with a reader over `bytes`.
  @inlinable
  public static func reading<Result, Failure: Error>(
    _ bytes: [UInt8], _ body: (inout WireReader) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outcome = bytes.withUnsafeBytes { (raw) -> Swift.Result<Result, Failure> in
      var reader = WireReader(unsafe: raw)
      do throws(Failure) { return .success(try body(&reader)) } catch { return .failure(error) }
    }
    return try outcome.get()
  }

  /// Bytes from the start of the outermost buffer.
  @inlinable
  public var offset: Int { position }

  @inlinable
  public var isAtEnd: Bool { position == end }

  /// The next field's tag, or nil at the end of the message.
  @inlinable
  public mutating func next() throws(WireError) -> Field? {
    guard position < end else { return nil }
    let offset = position
    let tag = try rawVarint()
    let number = tag >> 3
    guard number > 0, number <= 0x1FFF_FFFF else {
      throw WireError(.invalidFieldNumber, at: offset)
    }
    guard let type = WireType(rawValue: UInt8(truncatingIfNeeded: tag & 7)) else {
      throw WireError(.invalidWireType(UInt8(truncatingIfNeeded: tag & 7)), at: offset)
    }
    return Field(number: UInt32(truncatingIfNeeded: number), type: type, offset: offset)
  }

  /// Passes over a field that this version does not know.
  @inlinable
  public mutating func skip(_ field: Field) throws(WireError) {
    switch field.type {
    case .varint: _ = try rawVarint()
    case .fixed64: try advance(8)
    case .fixed32: try advance(4)
    case .lengthDelimited: _ = try rawLength()
    }
  }
}

// MARK: Fields

/// One method for each type of field. Each moves past the value, and throws when the field was
/// written with another wire type, ends early, or holds what the type cannot.
extension WireReader {
  @inlinable
  public mutating func uint64(_ field: Field) throws(WireError) -> UInt64 {
    try expect(.varint, field)
    return try rawVarint()
  }

  @inlinable
  public mutating func uint32(_ field: Field) throws(WireError) -> UInt32 {
    let value = try uint64(field)
    guard let narrow = UInt32(exactly: value) else { throw outOfRange(field) }
    return narrow
  }

  @inlinable
  public mutating func bool(_ field: Field) throws(WireError) -> Bool {
    try uint64(field) != 0
  }

  @inlinable
  public mutating func sint(_ field: Field) throws(WireError) -> Int64 {
    let raw = try uint64(field)
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  @inlinable
  public mutating func fixed64(_ field: Field) throws(WireError) -> UInt64 {
    try expect(.fixed64, field)
    return try littleEndian(UInt64.self)
  }

  @inlinable
  public mutating func fixed32(_ field: Field) throws(WireError) -> UInt32 {
    try expect(.fixed32, field)
    return try littleEndian(UInt32.self)
  }

  @inlinable
  public mutating func string(_ field: Field) throws(WireError) -> String {
    let range = try lengthDelimited(field)
    return try text(in: range)
  }

  @inlinable
  public mutating func bytes(_ field: Field) throws(WireError) -> [UInt8] {
    let range = try lengthDelimited(field)
    return [UInt8](buffer[range])
  }

  /// The bytes of a length-delimited field where they lie, for a caller that wants no copy.
  ///
  /// The slice borrows the reader's buffer.
  @inlinable
  public mutating func borrowedBytes(_ field: Field) throws(WireError) -> UnsafeRawBufferPointer {
    let range = try lengthDelimited(field)
    return UnsafeRawBufferPointer(rebasing: buffer[range])
  }

  /// A reader over a nested message; this reader moves past it.
  @inlinable
  public mutating func message(_ field: Field) throws(WireError) -> WireReader {
    guard depth < Self.maximumDepth else { throw WireError(.nestingTooDeep, at: field.offset) }
    let range = try lengthDelimited(field)
    return WireReader(
      buffer: buffer, position: range.lowerBound, end: range.upperBound, depth: depth + 1)
  }

  /// The error for a value of `field` that its meaning does not allow.
  @inlinable
  public func outOfRange(_ field: Field) -> WireError {
    WireError(.valueOutOfRange(field: field.number), at: field.offset)
  }

  /// The error for a message that ends without a field it needs.
  @inlinable
  public func missing(_ field: UInt32) -> WireError {
    WireError(.missingField(field), at: position)
  }
}

// MARK: Raw parts

extension WireReader {
  @inlinable
  mutating func rawVarint() throws(WireError) -> UInt64 {
    guard position < end else { throw WireError(.truncated, at: position) }
    let first = buffer[position]
    if first < 0x80 {
      position += 1
      return UInt64(first)
    }
    return try longVarint()
  }

  @usableFromInline
  mutating func longVarint() throws(WireError) -> UInt64 {
    let start = position
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end {
      let byte = buffer[position]
      position += 1
      // The tenth byte has room for one bit.
      if shift == 63, byte > 1 { throw WireError(.malformedVarint, at: start) }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw WireError(.truncated, at: start)
  }

  @inlinable
  mutating func lengthDelimited(_ field: Field) throws(WireError) -> Range<Int> {
    try expect(.lengthDelimited, field)
    return try rawLength()
  }

  @inlinable
  mutating func rawLength() throws(WireError) -> Range<Int> {
    let start = position
    let length = try rawVarint()
    guard length <= UInt64(end - position) else { throw WireError(.lengthOutOfBounds, at: start) }
    let range = position..<(position + Int(length))
    position = range.upperBound
    return range
  }

  @inlinable
  mutating func littleEndian<Value: FixedWidthInteger>(
    _ type: Value.Type
  ) throws(WireError) -> Value {
    let start = position
    try advance(MemoryLayout<Value>.size)
    return Value(littleEndian: buffer.loadUnaligned(fromByteOffset: start, as: type))
  }

  @inlinable
  mutating func advance(_ count: Int) throws(WireError) {
    guard end - position >= count else { throw WireError(.truncated, at: position) }
    position += count
  }

  @inlinable
  func expect(_ type: WireType, _ field: Field) throws(WireError) {
    guard field.type == type else {
      throw WireError(.unexpectedWireType(field: field.number), at: field.offset)
    }
  }

  @usableFromInline
  func text(in range: Range<Int>) throws(WireError) -> String {
    let utf8 = buffer[range]
    let span = UnsafeBufferPointer(rebasing: utf8.bindMemory(to: UInt8.self)[...])
    guard let validated = try? UTF8Span(validating: span.span) else {
      throw WireError(.invalidUTF8, at: range.lowerBound)
    }
    return String(copying: validated)
  }
}
