import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// What the disk itself can do: one thread that appends a record and syncs it, over and over, in a
/// file whose blocks were written with zeros before.
struct PlainLoop {
  let path: String
  let record: [UInt8]

  /// - Returns: synced records per second.
  func run(for duration: Duration) throws -> Double {
    let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    defer {
      close(descriptor)
      unlink(path)
    }
    let room = 16 << 20
    try write([UInt8](repeating: 0, count: room), to: descriptor, at: 0)
    let clock = ContinuousClock()
    let start = clock.now
    var offset = 0
    var count = 0
    while clock.now - start < duration {
      if offset + record.count > room { offset = 0 }
      try write(record, to: descriptor, at: offset)
      offset += record.count
      count += 1
    }
    return Double(count) / (clock.now - start).seconds
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32, at offset: Int) throws {
    let written = bytes.withUnsafeBytes {
      pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset))
    }
    guard written == bytes.count, synchronize(descriptor) == 0 else {
      throw POSIXError(.init(rawValue: errno) ?? .EIO)
    }
  }

  private func synchronize(_ descriptor: Int32) -> Int32 {
    #if canImport(Glibc)
      fdatasync(descriptor)
    #else
      fcntl(descriptor, F_FULLFSYNC)
    #endif
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
