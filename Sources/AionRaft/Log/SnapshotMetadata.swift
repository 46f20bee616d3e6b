public import AionModel

/// What a snapshot of the state machine stands for.
@frozen
public struct SnapshotMetadata: Hashable, Sendable {
  /// The last entry that the snapshot includes.
  public var position: LogPosition
  /// The configuration in force at that entry, a joint one included.
  public var membership: Membership

  @inlinable
  public init(position: LogPosition, membership: Membership) {
    self.position = position
    self.membership = membership
  }
}
