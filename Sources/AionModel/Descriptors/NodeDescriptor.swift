/// A process of the database that registered itself.
public struct NodeDescriptor: Hashable, Sendable {
  public var id: NodeID
  /// Where other nodes reach it: `host:port`. Not empty.
  public var rpcEndpoint: String
  public var isLive: Bool

  public init(id: NodeID, rpcEndpoint: String, isLive: Bool = true) {
    self.id = id
    self.rpcEndpoint = rpcEndpoint
    self.isLive = isLive
  }
}
