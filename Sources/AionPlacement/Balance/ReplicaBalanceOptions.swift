/// What one pass of moving followers and learners from hot nodes to cold ones may do.
public struct ReplicaBalanceOptions: Hashable, Sendable {
  /// Moves of one pass.
  public var maxMoves: Int
  /// By how many more replicas a node must have than another before it gives one away. At least 1;
  /// since a difference of 1 only changes sides, 1 acts as 2.
  public var minLoadDelta: Int

  public init(maxMoves: Int = 16, minLoadDelta: Int = 1) {
    self.maxMoves = maxMoves
    self.minLoadDelta = minLoadDelta
  }
}
