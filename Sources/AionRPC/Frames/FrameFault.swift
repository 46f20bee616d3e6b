public import AionModel
public import AionWire

/// Why what came over a connection cannot be read. The connection is then cut: nothing after it can
/// be trusted.
public enum FrameFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The header's checksum does not hold: noise, another protocol, or TLS where none is spoken.
  case headerChecksum
  case payloadChecksum(FrameKind, ExchangeID)
  case unknownKind(UInt8)
  /// Bytes that must be zero are not: a later version, or a bug.
  case reservedBytes
  case tooLong(ByteCount, limit: ByteCount)
  /// A frame that has no place where the conversation stands.
  case unexpected(FrameKind)
  case undecodable(FrameKind, WireError)
  /// A peer that connected and did not say who it is in time.
  case silent

  public var description: String {
    switch self {
    case .headerChecksum:
      "a frame's header does not hold; is the other side speaking TLS, or another protocol?"
    case .payloadChecksum(let kind, let exchange):
      "the payload of a \(kind) frame (exchange \(exchange)) was damaged on the way"
    case .unknownKind(let raw): "frame of unknown kind \(raw); is the other side newer?"
    case .reservedBytes: "reserved bytes of a frame are not zero; is the other side newer?"
    case .tooLong(let length, let limit): "a frame of \(length), at most \(limit) is allowed"
    case .unexpected(let kind): "a \(kind) frame where none may come"
    case .undecodable(let kind, let error): "a \(kind) frame cannot be read: \(error)"
    case .silent: "the other side did not introduce itself in time"
    }
  }
}
