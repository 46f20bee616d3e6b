import AionModel
import CLZ4

/// Packs one payload into one LZ4 frame, with its content size and checksum, reusing its context.
///
/// Blocks are independent and of 64 KiB; liblz4 stores one that would not shrink as it is.
final class FrameCompressor {
  static let blockSize = 1 << 16

  private let context: OpaquePointer
  private var preferences: LZ4F_preferences_t

  /// Nil when there is no memory for a context.
  init?() {
    var created: OpaquePointer?
    guard LZ4F_isError(LZ4F_createCompressionContext(&created, UInt32(LZ4F_VERSION))) == 0,
      let created
    else { return nil }
    context = created
    preferences = LZ4F_preferences_t()
    preferences.frameInfo.blockSizeID = LZ4F_max64KB
    preferences.frameInfo.blockMode = LZ4F_blockIndependent
    preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled
    preferences.autoFlush = 1
  }

  deinit { LZ4F_freeCompressionContext(context) }

  /// Room that a frame of `count` bytes may need.
  static func bound(_ count: Int) -> Int { count + (count / blockSize + 1) * 8 + 64 }

  /// Packs `payload` into `target` and returns the frame's length; nil when liblz4 refuses.
  func pack(
    _ payload: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) -> Int? {
    preferences.frameInfo.contentSize = UInt64(payload.count)
    var written = 0
    func room() -> UnsafeMutableRawPointer? { target.baseAddress?.advanced(by: written) }
    var options = LZ4F_compressOptions_t()
    options.stableSrc = 1

    let begin = LZ4F_compressBegin(context, room(), target.count - written, &preferences)
    guard LZ4F_isError(begin) == 0 else { return nil }
    written += begin
    let body = LZ4F_compressUpdate(
      context, room(), target.count - written, payload.baseAddress, payload.count, &options)
    guard LZ4F_isError(body) == 0 else { return nil }
    written += body
    let end = LZ4F_compressEnd(context, room(), target.count - written, &options)
    guard LZ4F_isError(end) == 0 else { return nil }
    return written + end
  }
}
