public import AionModel
import Synchronization

/// A file of an `InMemoryDisk`.
public final class InMemoryLogFile: LogFile {
  private let disk: InMemoryDisk
  private let number: Int
  public let path: String

  init(disk: InMemoryDisk, number: Int, path: String) {
    self.disk = disk
    self.number = number
    self.path = path
  }

  /// Reads what programs see, synced or not.
  public func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: ByteCount
  ) throws(FileError) -> ByteCount {
    // The lock's closure may not capture the buffer; the address does as well.
    let target = UInt(bitPattern: buffer.baseAddress)
    let room = buffer.count
    return try disk.state.withLock { (state) throws(FileError) in
      try state.check(.read, path)
      if state.faults.unreadable.contains(path) { throw FileError(.io(5), .read, path: path) }
      let bytes = state.files[number]?.bytes ?? []
      let count = min(room, bytes.count - offset.bytes)
      guard count > 0, let place = UnsafeMutableRawPointer(bitPattern: target) else { return .zero }
      bytes.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(start: place, count: count)
          .copyMemory(from: .init(rebasing: source[offset.bytes..<(offset.bytes + count)]))
      }
      return ByteCount(count)
    }
  }

  /// Writes; less than offered where `InMemoryDisk.Faults` says so.
  public func write(
    _ bytes: UnsafeRawBufferPointer, at offset: ByteCount
  ) throws(FileError) -> ByteCount {
    let offered = [UInt8](bytes)
    return try disk.state.withLock { (state) throws(FileError) in
      try state.begin(.write, path)
      if state.faults.failsWrite { throw FileError(.io(5), .write, path: path) }
      var count = offered.count
      if let longest = state.faults.longestWrite { count = min(count, max(1, longest.bytes)) }
      if let capacity = state.faults.capacity {
        let size = state.files[number]?.bytes.count ?? 0
        count = min(count, max(0, size - offset.bytes) + max(0, capacity.bytes - state.used))
        guard count > 0 else { throw FileError(.noSpace, .write, path: path) }
      }
      let change = InMemoryDisk.FileChange.write(at: offset.bytes, Array(offered.prefix(count)))
      state.files[number]?.perform(change)
      return ByteCount(count)
    }
  }

  /// Makes the bytes survive a crash.
  public func sync() throws(FileError) {
    try disk.state.withLock { (state) throws(FileError) in
      try state.begin(.sync, path)
      if state.faults.failsSync { throw FileError(.io(5), .sync, path: path) }
      state.files[number]?.settle()
    }
  }

  /// Cuts or extends with zeros.
  public func truncate(to size: ByteCount) throws(FileError) {
    try disk.state.withLock { (state) throws(FileError) in
      try state.begin(.truncate, path)
      state.files[number]?.perform(.truncate(to: size.bytes))
    }
  }

  /// The size that programs see.
  public func size() throws(FileError) -> ByteCount {
    try disk.state.withLock { (state) throws(FileError) in
      try state.check(.size, path)
      return ByteCount(state.files[number]?.bytes.count ?? 0)
    }
  }
}

extension InMemoryDisk.FileNode {
  mutating func perform(_ change: InMemoryDisk.FileChange) {
    change.apply(to: &bytes)
    pending.append(change)
  }

  mutating func settle() {
    for change in pending { change.apply(to: &durable) }
    pending = []
  }
}
