public import AionLog
public import AionModel

/// An open file of a `SimulatedDisk`.
public final class SimulatedFile: LogFile {
  private let disk: SimulatedDisk
  let contents: FileContents
  public let path: String

  init(_ contents: FileContents, path: String, on disk: SimulatedDisk) {
    self.disk = disk
    self.contents = contents
    self.path = path
  }

  /// Reads what programs see, synced or not.
  public func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: ByteCount
  ) throws(FileError) -> ByteCount {
    try disk.begin(.read, path)
    let count = min(buffer.count, contents.bytes.count - offset.bytes)
    guard count > 0 else { return .zero }
    contents.bytes.withUnsafeBytes { source in
      buffer.copyMemory(from: .init(rebasing: source[offset.bytes..<(offset.bytes + count)]))
    }
    return ByteCount(count)
  }

  /// Writes; less than offered where the disk fills up on the way.
  public func write(
    _ bytes: UnsafeRawBufferPointer, at offset: ByteCount
  ) throws(FileError) -> ByteCount {
    try disk.begin(.write, path)
    let fresh = max(0, offset.bytes + bytes.count - contents.bytes.count)
    let count = bytes.count - max(0, fresh - disk.room)
    guard count > 0 else {
      disk.tally.refusedForRoom += 1
      throw FileError(.noSpace, .write, path: path)
    }
    contents.perform(.write(at: offset.bytes, [UInt8](bytes.prefix(count))), at: disk.time)
    return ByteCount(count)
  }

  /// Makes the bytes survive a crash, once its time has passed.
  public func sync() throws(FileError) {
    do throws(FileError) { try disk.beginSync(path) } catch {
      // The system may have given up any of what it could not write, and will not try again.
      contents.forgetSome(&disk.chance)
      throw error
    }
    let begun = disk.time
    disk.passSync()
    contents.sync(begun: begun, done: disk.time, present: disk.present)
  }

  /// Cuts or extends with zeros.
  public func truncate(to size: ByteCount) throws(FileError) {
    try disk.begin(.truncate, path)
    contents.perform(.truncate(to: size.bytes), at: disk.time)
  }

  /// The size that programs see.
  public func size() throws(FileError) -> ByteCount { ByteCount(contents.bytes.count) }
}
