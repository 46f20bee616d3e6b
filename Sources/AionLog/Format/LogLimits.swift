public import AionModel

extension LogIndex {
  /// The highest index that a file may state; a thousand million entries a second for 290 years.
  static let highest = LogIndex(1 << 63)
}

/// Limits and sizes of the log; each has a test below, at and above it.
public struct LogLimits: Hashable, Sendable {
  /// A segment that has reached this size is closed and another begun.
  public var segmentSize: ByteCount
  /// How much of a new segment is zero-written ahead; 0 means plain appends.
  public var preallocation: ByteCount
  /// By how much a segment grows once its zero-written part is used up.
  public var growth: ByteCount
  /// The unpacked records of one batch, or of one chunk of a snapshot.
  public var maximumBatch: ByteCount
  /// Snapshots kept after a newer one is durable, at least one.
  public var keptSnapshots: Int
  /// Recoveries whose damaged files are kept.
  public var keptRecoveries = 3

  public init(
    segmentSize: ByteCount = .mebibytes(64), preallocation: ByteCount = .mebibytes(16),
    growth: ByteCount = .mebibytes(1), maximumBatch: ByteCount = .mebibytes(16),
    keptSnapshots: Int = 2
  ) {
    self.segmentSize = segmentSize
    self.preallocation = preallocation
    self.growth = growth
    self.maximumBatch = maximumBatch
    self.keptSnapshots = max(1, keptSnapshots)
  }

  /// The longest data frame that a batch can become: blocks that did not shrink are stored raw,
  /// with four bytes before each 64 KiB, between a frame header and a frame end.
  var maximumFrame: ByteCount {
    maximumBatch + ByteCount((maximumBatch.bytes / FrameCompressor.blockSize + 1) * 4 + 64)
  }
}
