/// Why bytes are not the message they should be, and where.
///
/// `offset` counts bytes from the start of the outermost buffer the reader was given.
public struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with the bytes.
  public enum Reason: Hashable, Sendable {
    /// The buffer ends inside a field.
    case truncated
    /// A varint of more than ten bytes, or whose value does not fit 64 bits.
    case malformedVarint
    /// Field number 0 or above 2^29 - 1.
    case invalidFieldNumber
    /// Wire type 3, 4, 6 or 7.
    case invalidWireType(UInt8)
    /// The field is known, but was written with another wire type.
    case unexpectedWireType(field: UInt32)
    /// A length that reaches past the end of the enclosing message.
    case lengthOutOfBounds
    case invalidUTF8
    /// A value outside the range that the field allows.
    case valueOutOfRange(field: UInt32)
    /// A field without which the message means nothing.
    case missingField(UInt32)
    /// Messages nested deeper than any of ours is.
    case nestingTooDeep
  }

  public var reason: Reason
  public var offset: Int

  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  public var description: String { "\(message) at byte \(offset)" }

  private var message: String {
    switch reason {
    case .truncated: "message ends inside a field"
    case .malformedVarint: "malformed varint"
    case .invalidFieldNumber: "invalid field number"
    case .invalidWireType(let raw): "invalid wire type \(raw)"
    case .unexpectedWireType(let field): "unexpected wire type for field \(field)"
    case .lengthOutOfBounds: "length reaches past the end of the message"
    case .invalidUTF8: "text is not valid UTF-8"
    case .valueOutOfRange(let field): "value of field \(field) is out of range"
    case .missingField(let field): "required field \(field) is missing"
    case .nestingTooDeep: "messages are nested too deeply"
    }
  }
}
