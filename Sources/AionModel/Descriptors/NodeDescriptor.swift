/// A process of the database that registered itself.
public struct NodeDescriptor: Hashable, Sendable {
  public var id: NodeID
  /// Where other nodes reach it: `host:port`. Not empty.
  public var rpcEndpoint: String
  public var isLive: Bool
  /// Whether it is being taken out of service: it receives no replica, and what it has moves away.
  public var isDraining: Bool
  /// What its agent has undertaken; nil: nobody watches whether it lives, and it is live or down as
  /// somebody says. Only `Command.registerNode` gives it one.
  public var registration: NodeRegistration?

  public init(
    id: NodeID, rpcEndpoint: String, isLive: Bool = true, isDraining: Bool = false,
    registration: NodeRegistration? = nil
  ) {
    self.id = id
    self.rpcEndpoint = rpcEndpoint
    self.isLive = isLive
    self.isDraining = isDraining
    self.registration = registration
  }

  /// Whether somebody said that it is down, rather than its silence: its agent does not bring it
  /// back.
  public var isHeldDown: Bool { !isLive && registration == nil }
}
