/// The shapes a field's bytes can have (Protocol Buffers encoding, "Message structure").
///
/// Groups (3 and 4) were deprecated before proto3; the reader refuses them.
@frozen
public enum WireType: UInt8, Sendable {
  case varint = 0
  case fixed64 = 1
  case lengthDelimited = 2
  case fixed32 = 5
}
