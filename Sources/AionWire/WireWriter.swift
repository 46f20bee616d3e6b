/// Writes Protocol Buffers fields one after the other into a growing buffer.
///
/// Like proto3, the field methods leave out a value that equals its default (0, false, empty), so
/// that equal values give equal bytes. Methods named `always…` write the field whatever its value:
/// for `optional` fields and for elements of repeated ones.
@frozen
public struct WireWriter: Sendable {
  @usableFromInline
  var buffer: [UInt8] = []

  @inlinable
  public init(reservingCapacity capacity: Int = 0) {
    buffer.reserveCapacity(capacity)
  }

  /// The bytes written so far.
  @inlinable
  public var bytes: [UInt8] { buffer }

  /// How many bytes have been written so far.
  @inlinable
  public var count: Int { buffer.count }

  /// Begins anew, by default in the same memory.
  @inlinable
  public mutating func removeAll(keepingCapacity: Bool = true) {
    buffer.removeAll(keepingCapacity: keepingCapacity)
  }

  /// Hands the bytes over and leaves the writer empty.
  @inlinable
  public mutating func take() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &buffer)
    return taken
  }
}

// MARK: Fields

/// One method for each type of field: its number first, then the value.
extension WireWriter {
  @inlinable
  public mutating func varint(_ field: UInt32, _ value: UInt64) {
    if value != 0 { alwaysVarint(field, value) }
  }

  @inlinable
  public mutating func varint(_ field: UInt32, _ value: UInt32) {
    varint(field, UInt64(value))
  }

  @inlinable
  public mutating func bool(_ field: UInt32, _ value: Bool) {
    if value { alwaysVarint(field, 1) }
  }

  /// ZigZag: small magnitudes of either sign stay short (`sint64`).
  @inlinable
  public mutating func sint(_ field: UInt32, _ value: Int64) {
    if value != 0 { alwaysSint(field, value) }
  }

  @inlinable
  public mutating func fixed64(_ field: UInt32, _ value: UInt64) {
    if value != 0 {
      tag(field, .fixed64)
      littleEndian(value)
    }
  }

  @inlinable
  public mutating func fixed32(_ field: UInt32, _ value: UInt32) {
    if value != 0 {
      tag(field, .fixed32)
      littleEndian(value)
    }
  }

  @inlinable
  public mutating func string(_ field: UInt32, _ value: String) {
    if !value.isEmpty { alwaysString(field, value) }
  }

  @inlinable
  public mutating func bytes(_ field: UInt32, _ value: [UInt8]) {
    if !value.isEmpty { alwaysBytes(field, value) }
  }

  @inlinable
  public mutating func alwaysVarint(_ field: UInt32, _ value: UInt64) {
    tag(field, .varint)
    rawVarint(value)
  }

  @inlinable
  public mutating func alwaysSint(_ field: UInt32, _ value: Int64) {
    alwaysVarint(field, UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  @inlinable
  public mutating func alwaysString(_ field: UInt32, _ value: String) {
    tag(field, .lengthDelimited)
    let utf8 = value.utf8
    rawVarint(UInt64(utf8.count))
    buffer.append(contentsOf: utf8)
  }

  @inlinable
  public mutating func alwaysBytes(_ field: UInt32, _ value: [UInt8]) {
    tag(field, .lengthDelimited)
    rawVarint(UInt64(value.count))
    buffer.append(contentsOf: value)
  }

  /// A nested message, present even when it is empty.
  ///
  /// The length is patched in afterwards: one byte is set aside for it, and a body of 128 bytes or
  /// more is moved up to make room.
  @inlinable
  public mutating func message<Failure: Error>(
    _ field: UInt32, _ body: (inout WireWriter) throws(Failure) -> Void
  ) throws(Failure) {
    tag(field, .lengthDelimited)
    let lengthAt = buffer.count
    buffer.append(0)
    try body(&self)
    let length = buffer.count - lengthAt - 1
    if length < 0x80 {
      buffer[lengthAt] = UInt8(length)
    } else {
      patch(length: UInt64(length), at: lengthAt)
    }
  }

  @usableFromInline
  mutating func patch(length: UInt64, at index: Int) {
    var encoded = WireWriter()
    encoded.rawVarint(length)
    buffer.replaceSubrange(index...index, with: encoded.buffer)
  }
}

// MARK: Raw parts

/// What a field is made of, for layouts that the field methods do not cover.
extension WireWriter {
  @inlinable
  public mutating func tag(_ field: UInt32, _ type: WireType) {
    rawVarint(UInt64(field) << 3 | UInt64(type.rawValue))
  }

  @inlinable
  public mutating func rawVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      buffer.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    buffer.append(UInt8(truncatingIfNeeded: rest))
  }

  @inlinable
  public mutating func littleEndian<Value: FixedWidthInteger>(_ value: Value) {
    withUnsafeBytes(of: value.littleEndian) { buffer.append(contentsOf: $0) }
  }

  @inlinable
  public mutating func raw(_ bytes: some Collection<UInt8>) {
    buffer.append(contentsOf: bytes)
  }
}
