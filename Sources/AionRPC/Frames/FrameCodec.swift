package import AionModel
package import NIOCore

/// Cuts a stream of bytes into frames. Throws `FrameFault`, after which it is of no more use.
package final class FrameDecoder: NIOSingleStepByteToMessageDecoder {
  package typealias InboundOut = Frame

  /// The longest payload; small until the other side has introduced itself.
  package var limit: ByteCount

  package init(limit: ByteCount) { self.limit = limit }

  package func decode(buffer: inout ByteBuffer) throws -> Frame? {
    guard let header = try FrameHeader(peekingInto: buffer, limit: limit),
      buffer.readableBytes >= FrameHeader.length + header.payloadLength
    else { return nil }
    buffer.moveReaderIndex(forwardBy: FrameHeader.length)
    guard let payload = buffer.readBytes(length: header.payloadLength) else {
      preconditionFailure("\(buffer.readableBytes) bytes, not \(header.payloadLength)")
    }
    guard payload.withUnsafeBytes(checksum) == header.payloadChecksum else {
      throw FrameFault.payloadChecksum(header.kind, header.exchange)
    }
    return Frame(header.kind, exchange: header.exchange, payload: payload)
  }

  /// What is left when a connection ends is half a frame: there is nobody to answer.
  package func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> Frame? {
    try decode(buffer: &buffer)
  }
}

extension ByteBuffer {
  package mutating func writeFrame(_ frame: Frame) {
    FrameHeader(of: frame).write(to: &self)
    writeBytes(frame.payload)
  }
}
