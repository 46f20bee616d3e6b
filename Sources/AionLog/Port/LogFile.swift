public import AionModel

/// What the log asks of one open file.
///
/// One writer and any number of readers may use a file at the same time; two writes never overlap.
/// The file closes when its last reference goes.
public protocol LogFile: AnyObject, Sendable {
  /// For messages.
  var path: String { get }

  /// Reads up to `buffer.count` bytes at `offset`; 0 only at or past the end of the file.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: ByteCount
  ) throws(FileError) -> ByteCount

  /// Writes a prefix of `bytes` at `offset` and returns its length, at least one byte.
  ///
  /// Nothing is durable before `sync` has returned.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: ByteCount) throws(FileError) -> ByteCount

  /// Makes every write and truncation so far survive a loss of power.
  ///
  /// After a failure nothing is known about what was written before it; callers do not retry.
  func sync() throws(FileError)

  /// Cuts the file, or extends it with zeros; durable after `sync`.
  func truncate(to size: ByteCount) throws(FileError)

  /// The size of the file, preallocated zeros included.
  func size() throws(FileError) -> ByteCount
}
