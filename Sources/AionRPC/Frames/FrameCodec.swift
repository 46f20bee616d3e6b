package import AionModel
package import NIOCore

/// Cuts a stream of bytes into frames.
package struct FrameDecoder {
  /// The longest payload; small until the other side has introduced itself.
  package var limit: ByteCount
  /// The beginning of a frame.
  private var received = ByteBuffer()

  package init(limit: ByteCount) { self.limit = limit }

  /// The memory that is held for what has come and is not a whole frame: what half a frame costs.
  package var room: ByteCount { ByteCount(received.capacity) }

  /// Whether nothing has come but whole frames, which were taken.
  package var isEmpty: Bool { received.readableBytes == 0 }

  /// Takes what has come. `next` tells which frames are whole now.
  package mutating func add(_ bytes: inout ByteBuffer) {
    if received.readableBytes == 0 { swap(&received, &bytes) } else { received.writeBuffer(&bytes) }
  }

  /// The same, for those who have a socket of their own.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) { received.writeBytes(bytes) }

  /// - Throws: After which nothing of what comes can be read.
  package mutating func next() throws(FrameFault) -> Frame? {
    let frame = try Self.decode(&received, limit: limit)
    // What is left after a frame is the beginning of the next one; it does not keep the room that
    // the whole of what came took.
    if frame == nil, received.readerIndex > 0 {
      received = received.readableBytes == 0 ? ByteBuffer() : ByteBuffer(buffer: received)
    }
    return frame
  }

  /// Takes the first frame of a buffer; nil when it is not all there.
  package static func decode(
    _ buffer: inout ByteBuffer, limit: ByteCount
  ) throws(FrameFault) -> Frame? {
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
}

/// Frames as bytes, for those who have a socket of their own.
package struct FrameEncoder {
  private var buffer = ByteBuffer()

  package init() {}

  package mutating func add(_ frame: Frame) { buffer.writeFrame(frame) }

  /// Hands out what was added since the last time.
  package mutating func drain<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    defer { buffer.clear() }
    return buffer.withUnsafeReadableBytes(body)
  }
}

extension ByteBuffer {
  package mutating func writeFrame(_ frame: Frame) {
    reserveCapacity(minimumWritableBytes: FrameHeader.length + frame.payload.count)
    FrameHeader(of: frame).write(to: &self)
    writeBytes(frame.payload)
  }
}
