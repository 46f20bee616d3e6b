public import AionLog
public import AionModel
public import AionRaft

/// Names one snapshot file of one replica: two files of one index differ in it.
public struct SnapshotTransferID: Hashable, Sendable {
  /// The last entry that the snapshot includes.
  public var position: LogPosition
  /// Bytes of the file.
  public var size: ByteCount
  /// The checksum of the file's last record, which covers all before it.
  public var checksum: UInt32

  public init(position: LogPosition, size: ByteCount, checksum: UInt32) {
    self.position = position
    self.size = size
    self.checksum = checksum
  }
}

/// A leader has a snapshot for a follower that can only go on from one.
public struct SnapshotOffer: Hashable, Sendable {
  public var transfer: SnapshotTransferID
  /// The leader's term.
  public var term: Term
  public var metadata: SnapshotMetadata
  /// Whom the leader knows: what the follower needs to tell members from strangers.
  public var lives: [GroupRecord.Life]

  public init(
    transfer: SnapshotTransferID, term: Term, metadata: SnapshotMetadata, lives: [GroupRecord.Life]
  ) {
    self.transfer = transfer
    self.term = term
    self.metadata = metadata
    self.lives = lives
  }
}

/// A piece of the file.
public struct SnapshotChunk: Hashable, Sendable {
  public var transfer: SnapshotTransferID
  public var offset: ByteCount
  public var bytes: [UInt8]
  /// CRC-32C of `bytes`.
  public var checksum: UInt32

  public init(
    transfer: SnapshotTransferID, offset: ByteCount, bytes: [UInt8], checksum: UInt32
  ) {
    self.transfer = transfer
    self.offset = offset
    self.bytes = bytes
    self.checksum = checksum
  }
}

/// What a follower says of a transfer.
public struct SnapshotProgress: Hashable, Sendable {
  public var transfer: SnapshotTransferID
  public var state: State

  public init(transfer: SnapshotTransferID, state: State) {
    self.transfer = transfer
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
