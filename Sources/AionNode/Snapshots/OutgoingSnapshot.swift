import AionLog
import AionModel
import AionRaft

/// A snapshot on its way from this leader to a follower.
struct OutgoingSnapshot<File: LogFile> {
  let follower: ReplicaID
  let offer: SnapshotOffer
  /// Held open: it can be read whatever becomes of its name.
  let file: SnapshotFile<File>
  /// The follower has synced everything before.
  private(set) var acknowledged = ByteCount.zero
  /// Up to here it was sent; nil until the follower has said where to begin.
  private(set) var sent: ByteCount?
  /// Ticks since the follower last came further.
  private var silence = 0

  init(_ offer: SnapshotOffer, _ file: SnapshotFile<File>, to follower: ReplicaID) {
    self.follower = follower
    self.offer = offer
    self.file = file
  }

  /// What a tick asks for.
  enum Due {
    case nothing
    /// An answer may have been lost: ask where to go on.
    case offer
    case end
  }

  /// - Parameters:
  ///   - interval: Ticks without progress after which the follower is asked again.
  ///   - patience: Ticks without progress after which it counts as out of reach.
  mutating func tick(interval: Int, patience: Int) -> Due {
    silence += 1
    if silence >= patience { return .end }
    guard silence.isMultiple(of: interval) else { return .nothing }
    sent = nil
    return .offer
  }

  /// The follower has everything before `offset`. What lies between that and what was sent is on
  /// its way, unless the follower was asked where to go on.
  mutating func acknowledge(_ offset: ByteCount) {
    if offset != acknowledged { silence = 0 }
    if sent == nil || offset < acknowledged { sent = offset }
    acknowledged = offset
    sent = max(sent ?? offset, offset)
  }

  /// The next piece within the window; nil when the window is used up or all is sent.
  mutating func nextPiece(
    _ length: ByteCount, window: ByteCount
  ) throws(LogFault) -> SnapshotChunk? {
    guard let start = sent, start < offer.file.size, start - acknowledged < window else {
      return nil
    }
    let bytes = try file.bytes(at: start, count: length.bytes)
    guard !bytes.isEmpty else { return nil }
    sent = start + ByteCount(bytes.count)
    return SnapshotChunk(
      file: offer.file, offset: start, bytes: bytes, checksum: checksum(of: bytes))
  }
}
