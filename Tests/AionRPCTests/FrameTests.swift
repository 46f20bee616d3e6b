import AionModel
import AionRPC
import NIOCore
import Testing

@Suite("Frames")
struct FrameTests {
  private static let frames = [
    Frame(.ping), Frame(.request, exchange: 1, payload: [1, 2, 3]),
    Frame(.envelope, payload: Array(repeating: 0xA5, count: 1_000)),
    Frame(.response, exchange: ExchangeID(.max), payload: [0]),
  ]

  private func bytes(of frames: [Frame]) -> [UInt8] {
    var buffer = ByteBuffer()
    for frame in frames { buffer.writeFrame(frame) }
    return Array(buffer.readableBytesView)
  }

  private func decode(_ chunks: [[UInt8]], limit: ByteCount = .kibibytes(4)) throws -> [Frame] {
    var decoder = FrameDecoder(limit: limit)
    var frames: [Frame] = []
    for chunk in chunks {
      var buffer = ByteBuffer(bytes: chunk)
      decoder.add(&buffer)
      while let frame = try decoder.next() { frames.append(frame) }
    }
    return frames
  }

  @Test("Frames are read back, however the bytes are cut")
  func roundTrip() throws {
    let whole = bytes(of: Self.frames)
    #expect(try decode([whole]) == Self.frames)
    #expect(try decode(whole.map { [$0] }) == Self.frames)
  }

  @Test("The bytes of a frame stay what they are")
  func frozen() {
    let hex = bytes(of: [Frame(.request, exchange: 258, payload: [0xAB, 0xCD])]).map {
      ($0 < 16 ? "0" : "") + String($0, radix: 16)
    }.joined()
    #expect(hex == "02000000200000000201000000000000" + "1f6f7fa0" + "3797579d" + "abcd")
  }

  @Test("Every flipped bit is found, in the header and in the payload")
  func flippedBits() {
    let whole = bytes(of: [Frame(.request, exchange: 7, payload: [1, 2, 3, 4])])
    for place in whole.indices {
      for bit in 0..<8 {
        var damaged = whole
        damaged[place] ^= 1 << bit
        #expect(throws: FrameFault.self, "byte \(place), bit \(bit)") { try decode([damaged]) }
      }
    }
  }

  @Test("A frame that is too long is refused on its header alone")
  func tooLong() {
    let whole = bytes(of: [Frame(.request, payload: Array(repeating: 0, count: 4_097))])
    #expect(throws: FrameFault.tooLong(4_097, limit: .kibibytes(4))) {
      try decode([Array(whole.prefix(24))])
    }
    let longest = Frame(.request, payload: Array(repeating: 0, count: 4_096))
    #expect(throws: Never.self) { try decode([bytes(of: [longest])]) }
  }

  @Test("After a long frame the beginning of the next one holds little memory, or none")
  func givesBack() throws {
    let long = bytes(of: [Frame(.envelope, payload: Array(repeating: 1, count: 1 << 20))])
    let next = bytes(of: [Frame(.ping)])
    for rest in [0, 1, next.count - 1] {
      var decoder = FrameDecoder(limit: .mebibytes(1))
      var buffer = ByteBuffer(bytes: long + next[..<rest])
      decoder.add(&buffer)
      #expect(try decoder.next()?.payload.count == 1 << 20)
      #expect(try decoder.next() == nil)
      #expect(decoder.room <= (rest == 0 ? 0 : 64), "\(rest) bytes of the next one")
    }
  }

  @Test("Half a frame is nothing yet")
  func half() throws {
    let whole = bytes(of: [Frame(.request, payload: [1, 2, 3])])
    for length in 0..<whole.count { #expect(try decode([Array(whole.prefix(length))]) == []) }
  }
}
