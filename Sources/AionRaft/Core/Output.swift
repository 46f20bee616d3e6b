public import AionModel

/// What must now happen, in the order of the properties.
///
/// 1. Save `hardState`, install `snapshot`, append `entries` (replacing what the log has from their
///    first index on); with `requiresSync`, sync. `messages` may leave before or meanwhile.
/// 2. Tell `persisted(through: receipt)`, then send `messagesAfterSync`.
/// 3. Apply `committed`, tell `applied(through:)`, and answer `reads` once applied that far.
///
/// A crash between any two of these is safe. Outputs are completed in the order in which they
/// were taken.
public struct Output: Hashable, Sendable {
  /// Names this output to `persisted(through:)`.
  public let receipt: Receipt
  /// Who leads and what this replica is, when that has changed.
  public var leadership: Leadership?
  /// The term, vote and commit index to save, when one has changed.
  public var hardState: HardState?
  /// Whether the term, the vote or entries must be durable before `persisted(through:)`. A snapshot
  /// must be installed durably in any case. A new commit index alone need not be.
  public var requiresSync = false
  /// A leader's snapshot that replaces the state machine and the whole log.
  public var snapshot: SnapshotMetadata?
  public var entries: [Entry] = []
  public var messages: [Message] = []
  public var messagesAfterSync: [Message] = []
  public var committed: [Entry] = []
  public var reads: [SafeRead] = []
  /// A follower can only go on from a snapshot, and there is none to send, or none that names it
  /// as a member: take one and tell `snapshotTaken(_:)`.
  public var wantsSnapshot = false

  init(receipt: Receipt) { self.receipt = receipt }

  /// Names an output until it is persisted.
  public struct Receipt: Hashable, Comparable, Sendable {
    let number: UInt64

    public static func < (left: Receipt, right: Receipt) -> Bool { left.number < right.number }
  }

  /// Who leads, as far as this replica knows, and what it is itself.
  public struct Leadership: Hashable, Sendable {
    public var leader: ReplicaID?
    public var role: RoleName

    public init(leader: ReplicaID?, role: RoleName) {
      self.leader = leader
      self.role = role
    }
  }

  /// A read that is linearizable once the state machine has applied `index`.
  public struct SafeRead: Hashable, Sendable {
    public var read: ReadID
    public var index: LogIndex

    public init(read: ReadID, index: LogIndex) {
      self.read = read
      self.index = index
    }
  }

  /// Whether there is nothing to do.
  public var isEmpty: Bool {
    leadership == nil && hardState == nil && snapshot == nil && entries.isEmpty && messages.isEmpty
      && messagesAfterSync.isEmpty && committed.isEmpty && reads.isEmpty && !wantsSnapshot
  }
}
