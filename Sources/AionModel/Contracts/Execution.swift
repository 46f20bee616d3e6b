/// Executes commands on a shard's replica in this process; the engine conforms.
public protocol DataPlaneLocalExecutor: Sendable {
  associatedtype Command: Sendable
  associatedtype Output: Sendable

  /// - Throws: Whatever refuses the command, with the shard's key in it.
  func execute(
    on shard: ShardKey, _ command: Command, scope: TxnScope
  ) async throws(ClusterError) -> Output
}

/// Executes fragments of a query on other nodes.
public protocol RemoteExecutor: Sendable {
  associatedtype FragmentPlan: Sendable
  associatedtype FragmentResult: Sendable

  /// - Throws: `unknownNode`, `nodeDown`; `fragmentOutOfStep` when the plan has to be made again;
  ///   `fragmentTimedOut`, `cancelled`; or what else the node refuses the fragment with.
  func execute(
    on node: NodeID, _ plan: FragmentPlan, options: FragmentRuntimeOptions
  ) async throws(ClusterError) -> FragmentResult
  /// Cancelling a fragment that is unknown or done is nothing.
  func cancel(
    on node: NodeID, query: QueryID, fragment: FragmentID
  ) async throws(ClusterError)
}
