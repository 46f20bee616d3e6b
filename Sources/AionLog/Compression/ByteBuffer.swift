/// Memory that grows and is used again and again.
final class ByteBuffer {
  private(set) var bytes: UnsafeMutableRawBufferPointer

  init(capacity: Int = 0) {
    bytes = .allocate(byteCount: max(capacity, 64), alignment: 16)
  }

  deinit { bytes.deallocate() }

  /// At least `count` bytes whose content is undefined.
  func reserve(_ count: Int) -> UnsafeMutableRawBufferPointer {
    if bytes.count < count {
      bytes.deallocate()
      bytes = .allocate(byteCount: count + count / 2, alignment: 16)
    }
    return bytes
  }
}
