/// A process of the database that registered itself.
public struct NodeDescriptor: Hashable, Sendable {
  public var id: NodeID
  /// Where other nodes reach it: `host:port`. Not empty.
  public var rpcEndpoint: String
  public var isLive: Bool
  /// Whether it is being taken out of service: it receives no replica, and what it has moves away.
  public var isDraining: Bool

  public init(id: NodeID, rpcEndpoint: String, isLive: Bool = true, isDraining: Bool = false) {
    self.id = id
    self.rpcEndpoint = rpcEndpoint
    self.isLive = isLive
    self.isDraining = isDraining
  }
}
