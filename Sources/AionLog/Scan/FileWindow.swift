import AionModel

/// A part of a file in memory, moved along as a reader goes on.
///
/// Memory stays at the size of one read, or of the longest record when that is longer.
final class FileWindow<File: LogFile> {
  private let readSize: Int

  let file: File
  private let buffer = ByteBuffer()
  private var start = 0
  private var count = 0

  /// - Parameter readSize: how much to read at once, at least.
  init(_ file: File, readSize: ByteCount = .mebibytes(1)) {
    self.file = file
    self.readSize = readSize.bytes
  }

  /// The bytes at `offset`, fewer than asked for only where the file ends.
  ///
  /// They stay valid until the next call.
  func bytes(at offset: ByteCount, count wanted: Int) throws(FileError) -> UnsafeRawBufferPointer {
    let from = offset.bytes
    if from < start || from + wanted > start + count {
      try fill(at: from, atLeast: wanted)
    }
    let available = max(0, min(wanted, start + count - from))
    guard available > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(
      rebasing: buffer.bytes[(from - start)..<(from - start + available)])
  }

  /// Forgets what was read, so that a file that is being written is looked at afresh.
  func refresh() { count = 0 }

  private func fill(at offset: Int, atLeast wanted: Int) throws(FileError) {
    let size = max(wanted, readSize)
    count = 0
    let target = UnsafeMutableRawBufferPointer(rebasing: buffer.reserve(size)[..<size])
    start = offset
    count = try file.readFully(into: target, at: ByteCount(offset)).bytes
  }
}
