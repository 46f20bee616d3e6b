/// What a client may ask for; each role may do what those before it may.
public enum ClientRole: UInt8, Hashable, Sendable, CaseIterable, Comparable {
  /// Reads, changes, status.
  case reader = 1
  /// Proposals.
  case writer = 2
  /// Members, leadership, snapshots.
  case admin = 3

  public static func < (left: ClientRole, right: ClientRole) -> Bool {
    left.rawValue < right.rawValue
  }
}
