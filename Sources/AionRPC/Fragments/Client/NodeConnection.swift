public import AionModel

/// How it stands with a node that fragments are sent to.
public struct NodeConnection: Hashable, Sendable {
  public var node: NodeID
  /// Where the catalog said that it is.
  public var address: Address
  public var isConnected: Bool
  /// Why the last attempt to connect failed; nil when it did not.
  public var lastFailure: ConnectionEnd?
}
