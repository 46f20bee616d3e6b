public import AionLog
public import AionModel
public import AionRaft

/// A leader has a snapshot for a follower that can only go on from one.
public struct SnapshotOffer: Hashable, Sendable {
  public var file: SnapshotFileID
  /// The leader's term.
  public var term: Term
  public var metadata: SnapshotMetadata
  /// Whom the leader knows: what the follower needs to tell members from strangers.
  public var lives: [GroupRecord.Life]

  public init(
    file: SnapshotFileID, term: Term, metadata: SnapshotMetadata, lives: [GroupRecord.Life]
  ) {
    self.file = file
    self.term = term
    self.metadata = metadata
    self.lives = lives
  }
}

/// A piece of the file.
public struct SnapshotChunk: Hashable, Sendable {
  public var file: SnapshotFileID
  public var offset: ByteCount
  public var bytes: [UInt8]
  /// CRC-32C of `bytes`.
  public var checksum: UInt32

  public init(
    file: SnapshotFileID, offset: ByteCount, bytes: [UInt8], checksum: UInt32
  ) {
    self.file = file
    self.offset = offset
    self.bytes = bytes
    self.checksum = checksum
  }
}

/// What a follower says of a transfer.
public struct SnapshotProgress: Hashable, Sendable {
  public var file: SnapshotFileID
  public var state: State

  public init(file: SnapshotFileID, state: State) {
    self.file = file
    self.state = state
  }

  /// How far it has come.
  public enum State: Hashable, Sendable {
    /// Everything before is synced here.
    case wants(from: ByteCount)
    /// The snapshot is installed, or was not needed any more.
    case done
    /// It cannot be taken: the disk is full or has failed, or the file does not hold.
    case refused
  }
}
