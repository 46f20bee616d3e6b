/// What one pass of leadership balancing may do. Failing over from a down leader is no balancing
/// and has no limit.
public struct LeadershipBalanceOptions: Hashable, Sendable {
  /// Transfers of one pass; 0 turns balancing off.
  public var maxTransfers: Int
  /// By how many more shards a node must lead than another before it gives one away. At least 1;
  /// since a difference of 1 only changes sides, 1 acts as 2.
  public var minLoadDelta: Int

  public init(maxTransfers: Int = 16, minLoadDelta: Int = 1) {
    self.maxTransfers = maxTransfers
    self.minLoadDelta = minLoadDelta
  }
}
