import AionModel

/// A write that did not come to its end.
struct IncompleteWrite: Error {
  /// How much of it may have reached the file.
  var written: ByteCount
  var cause: FileError
}

extension LogFile {
  /// Writes all of `bytes`, whatever portions the file takes them in.
  func writeAll(_ bytes: UnsafeRawBufferPointer, at offset: ByteCount) throws(IncompleteWrite) {
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      do throws(FileError) {
        written += try write(rest, at: offset + ByteCount(written)).bytes
      } catch {
        throw IncompleteWrite(written: ByteCount(written), cause: error)
      }
    }
  }

  /// Overwrites `range` with zeros.
  func writeZeros(_ range: Range<ByteCount>) throws(IncompleteWrite) {
    let zeros = ZeroPage.shared
    var position = range.lowerBound
    while position < range.upperBound {
      let count = min(zeros.bytes.count, (range.upperBound - position).bytes)
      let portion = UnsafeRawBufferPointer(rebasing: zeros.bytes[..<count])
      do throws(IncompleteWrite) {
        try writeAll(portion, at: position)
      } catch {
        let before = position - range.lowerBound
        throw IncompleteWrite(written: before + error.written, cause: error.cause)
      }
      position += ByteCount(count)
    }
  }

  /// Fills `buffer` from `offset` on; fewer bytes only where the file ends.
  func readFully(
    into buffer: UnsafeMutableRawBufferPointer, at offset: ByteCount
  ) throws(FileError) -> ByteCount {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = try read(into: rest, at: offset + ByteCount(filled)).bytes
      if count == 0 { break }
      filled += count
    }
    return ByteCount(filled)
  }
}

/// A quarter of a mebibyte of zeros, allocated once.
private final class ZeroPage: Sendable {
  static let shared = ZeroPage()

  // Never written after init, never freed: the process has one.
  nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

  private init() {
    let page = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
    page.initializeMemory(as: UInt8.self, repeating: 0)
    bytes = UnsafeRawBufferPointer(page)
  }
}
