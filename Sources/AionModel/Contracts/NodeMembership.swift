/// Which nodes there are, and which of them live.
public protocol NodeMembership: Sendable {
  /// Registers the node or replaces what is known of it; whether a known node is draining stays.
  ///
  /// - Throws: `invalidName`.
  @discardableResult
  func upsertNode(_ node: NodeDescriptor) async throws(ClusterError) -> PlacementEpoch
  /// - Throws: `unknownNode`.
  @discardableResult
  func markNode(_ id: NodeID, live: Bool) async throws(ClusterError) -> PlacementEpoch
  /// Says whether the node is being taken out of service; every maintainer heeds it.
  ///
  /// - Throws: `unknownNode`.
  @discardableResult
  func markNode(_ id: NodeID, draining: Bool) async throws(ClusterError) -> PlacementEpoch
  /// - Throws: `unknownNode`, `nodeHostsReplicas`.
  @discardableResult
  func removeNode(_ id: NodeID) async throws(ClusterError) -> PlacementEpoch
  /// nil when it is not registered.
  func node(_ id: NodeID) async throws(ClusterError) -> NodeDescriptor?
  /// In the order of their ids.
  func nodes() async throws(ClusterError) -> [NodeDescriptor]
  /// The nodes that are registered and live, in the order of their ids.
  func liveNodes() async throws(ClusterError) -> [NodeDescriptor]
}
