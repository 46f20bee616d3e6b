import AionModel

/// Counts what a segment holds while it is written or read, for its seal.
struct SegmentTally: Hashable, Sendable {
  private(set) var batches = 0
  private(set) var entries = 0
  private(set) var unpackedBytes = ByteCount.zero
  private(set) var frameBytes = ByteCount.zero
  private var waypoints: [SegmentSeal.Waypoint] = []

  mutating func add(_ batch: PayloadHeader) {
    batches += 1
    entries += batch.count
    unpackedBytes += batch.unpackedLength
    frameBytes += batch.frameLength
    let next = waypoints.last.map { $0.offset + SegmentSeal.waypointDistance } ?? .zero
    if batch.offset >= next, waypoints.count < SegmentSeal.maximumWaypoints {
      waypoints.append(.init(firstIndex: batch.firstIndex, offset: batch.offset))
    }
  }

  func seal(at offset: ByteCount, lastIndex: LogIndex, chain: RecordChain) -> SegmentSeal {
    SegmentSeal(
      offset: offset, batches: batches, entries: entries, lastIndex: lastIndex,
      unpackedBytes: unpackedBytes, frameBytes: frameBytes, chain: chain.value, tag: chain.tag,
      waypoints: waypoints)
  }
}
