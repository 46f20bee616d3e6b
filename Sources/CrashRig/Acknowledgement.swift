public import AionCluster

/// What the child tells its parent of each write that was acknowledged: 24 bytes, little endian,
/// written in one piece (less than `PIPE_BUF`), so that a record is in the pipe whole or not at
/// all.
///
///     0  task      UInt64
///     8  sequence  UInt64  the task's n-th write, from 1
///     16 index     UInt64  the log index at which it was made
public struct Acknowledgement: Hashable, Sendable {
  public static let length = 24

  public var task: Int
  public var sequence: UInt64
  public var index: LogIndex

  public init(task: Int, sequence: UInt64, index: LogIndex) {
    self.task = task
    self.sequence = sequence
    self.index = index
  }

  var bytes: [UInt8] {
    [UInt64(task), sequence, index.rawValue].flatMap { word in
      withUnsafeBytes(of: word.littleEndian) { [UInt8]($0) }
    }
  }

  /// - Parameter bytes: Exactly `length` bytes.
  init(bytes: ArraySlice<UInt8>) {
    let words = (0..<3).map { word in
      (0..<8).reduce(UInt64(0)) { value, byte in
        value | UInt64(bytes[bytes.startIndex + word * 8 + byte]) << UInt64(byte * 8)
      }
    }
    self.init(task: Int(words[0]), sequence: words[1], index: LogIndex(words[2]))
  }
}
