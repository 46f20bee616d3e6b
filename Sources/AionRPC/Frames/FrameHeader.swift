import AionModel
import CCRC32C
import NIOCore

// A frame on the wire, little-endian; TLS or not, so that a header is checked before it is believed
// and a payload before it is decoded.
//
// | offset | bytes | what                                                              |
// |-------:|------:|-------------------------------------------------------------------|
// |      0 |     4 | length of the payload                                             |
// |      4 |     1 | kind (FrameKind)                                                  |
// |      5 |     3 | zero                                                              |
// |      8 |     8 | exchange                                                          |
// |     16 |     4 | CRC-32C of the payload                                            |
// |     20 |     4 | CRC-32C of bytes 0 to 19                                          |
// |     24 |     … | payload                                                           |

/// The fixed part of a frame.
struct FrameHeader: Hashable {
  static let length = 24

  var payloadLength: Int
  var kind: FrameKind
  var exchange: ExchangeID
  var payloadChecksum: UInt32
}

extension FrameHeader {
  init(of frame: Frame) {
    payloadLength = frame.payload.count
    kind = frame.kind
    exchange = frame.exchange
    payloadChecksum = frame.payload.withUnsafeBytes(checksum)
  }

  func write(to buffer: inout ByteBuffer) {
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.length) { bytes in
      bytes.store(UInt32(payloadLength).littleEndian, at: 0)
      bytes.store(UInt32(kind.rawValue).littleEndian, at: 4)
      bytes.store(exchange.rawValue.littleEndian, at: 8)
      bytes.store(payloadChecksum.littleEndian, at: 16)
      bytes.store(checksum(UnsafeRawBufferPointer(rebasing: bytes[..<20])).littleEndian, at: 20)
      return Self.length
    }
  }

  /// Looks at the next header without taking it from the buffer; nil when it is not all there.
  init?(peekingInto buffer: ByteBuffer, limit: ByteCount) throws(FrameFault) {
    guard buffer.readableBytes >= Self.length else { return nil }
    let own = buffer.withUnsafeReadableBytes { bytes in
      checksum(UnsafeRawBufferPointer(rebasing: bytes[..<20]))
    }
    guard own == buffer.field(at: 20, as: UInt32.self) else { throw .headerChecksum }
    let length = ByteCount(Int(buffer.field(at: 0, as: UInt32.self)))
    guard length <= limit else { throw .tooLong(length, limit: limit) }
    let rawKind = buffer.field(at: 4, as: UInt8.self)
    guard let kind = FrameKind(rawValue: rawKind) else { throw .unknownKind(rawKind) }
    guard buffer.field(at: 5, as: UInt8.self) == 0, buffer.field(at: 6, as: UInt16.self) == 0 else {
      throw .reservedBytes
    }
    payloadLength = length.bytes
    self.kind = kind
    exchange = ExchangeID(buffer.field(at: 8, as: UInt64.self))
    payloadChecksum = buffer.field(at: 16, as: UInt32.self)
  }
}

func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
  aion_crc32c(0, bytes.baseAddress, bytes.count)
}

extension UnsafeMutableRawBufferPointer {
  fileprivate func store(_ value: some FixedWidthInteger, at offset: Int) {
    storeBytes(of: value, toByteOffset: offset, as: type(of: value))
  }
}

extension ByteBuffer {
  /// A field of a header that is known to be there.
  fileprivate func field<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type) -> Value {
    guard let value = getInteger(at: readerIndex + offset, endianness: .little, as: type) else {
      preconditionFailure("no \(type) at \(offset) of \(readableBytes) bytes")
    }
    return value
  }
}
