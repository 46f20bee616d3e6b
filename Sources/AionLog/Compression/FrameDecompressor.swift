import AionModel
import CLZ4

/// Unpacks one LZ4 frame of known content size, reusing its context.
final class FrameDecompressor {
  private let context: OpaquePointer

  /// Nil when there is no memory for a context.
  init?() {
    var created: OpaquePointer?
    guard LZ4F_isError(LZ4F_createDecompressionContext(&created, UInt32(LZ4F_VERSION))) == 0,
      let created
    else { return nil }
    context = created
  }

  deinit { LZ4F_freeDecompressionContext(context) }

  /// Fills `target` from exactly one frame: neither byte may be left over.
  ///
  /// liblz4 checks the content size and checksum that the frame states.
  func unpack(
    _ frame: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(LogDamage.Finding) {
    LZ4F_resetDecompressionContext(context)
    var options = LZ4F_decompressOptions_t()
    options.stableDst = 1
    var consumed = 0
    var produced = 0
    var hint = 1
    while hint != 0 {
      var room = target.count - produced
      var left = frame.count - consumed
      hint = LZ4F_decompress(
        context, target.baseAddress?.advanced(by: produced), &room,
        frame.baseAddress?.advanced(by: consumed), &left, &options)
      guard LZ4F_isError(hint) == 0 else {
        throw .undecodableFrame(reason: String(cString: LZ4F_getErrorName(hint)))
      }
      guard room > 0 || left > 0 || hint == 0 else {
        throw .undecodableFrame(reason: "its content does not have the stated size")
      }
      produced += room
      consumed += left
    }
    guard consumed == frame.count, produced == target.count else {
      throw .undecodableFrame(reason: "its content does not have the stated size")
    }
  }
}
