/// What a node's agent tells the leader of the control plane, again and again.
public struct Heartbeat: Hashable, Sendable {
  public var node: NodeID
  /// Where other nodes reach it.
  public var rpcEndpoint: String
  public var agent: AgentID
  /// What the agent undertakes: to be heard of again before this is over.
  public var timeToLive: TimeToLive
  /// As the last answer said; nil until there is one, and then the node is registered.
  public var registration: PlacementEpoch?
  public var progress: NodeProgress
  /// Whether it is the last one: the node goes down at once.
  public var isGoodbye: Bool

  public init(
    node: NodeID, rpcEndpoint: String, agent: AgentID, timeToLive: TimeToLive,
    registration: PlacementEpoch? = nil, progress: NodeProgress = NodeProgress(),
    isGoodbye: Bool = false
  ) {
    self.node = node
    self.rpcEndpoint = rpcEndpoint
    self.agent = agent
    self.timeToLive = timeToLive
    self.registration = registration
    self.progress = progress
    self.isGoodbye = isGoodbye
  }
}

/// What the leader makes of a heartbeat.
public struct HeartbeatAnswer: Hashable, Sendable {
  public var standing: NodeStanding
  /// Goes with the next heartbeat; nil for a node that is not registered by this agent.
  public var registration: PlacementEpoch?
  public var isDraining: Bool
  public var catalogVersion: CatalogVersion
  public var placementEpoch: PlacementEpoch

  public init(
    _ standing: NodeStanding, registration: PlacementEpoch? = nil, isDraining: Bool = false,
    catalogVersion: CatalogVersion, placementEpoch: PlacementEpoch
  ) {
    self.standing = standing
    self.registration = registration
    self.isDraining = isDraining
    self.catalogVersion = catalogVersion
    self.placementEpoch = placementEpoch
  }
}

/// How a node stands, for its agent.
public enum NodeStanding: Hashable, Sendable, CustomStringConvertible {
  /// It is live, and is not marked down for silence before this has passed since the heartbeat
  /// was sent.
  case live(for: Duration)
  /// It said goodbye and is down.
  case departed
  /// Somebody marked it down. Heartbeats do not change that; marking it live does.
  case heldDown
  /// A process that registered later goes by this node's name; others reach that one there.
  case superseded(rpcEndpoint: String)
  /// It was removed from the catalog.
  case removed

  /// Whether this process can be the node again, with the same agent.
  public var isFinal: Bool {
    switch self {
    case .live, .heldDown: false
    case .departed, .superseded, .removed: true
    }
  }

  public var description: String {
    switch self {
    case .live(let time): "live for \(time)"
    case .departed: "it said goodbye"
    case .heldDown: "marked down; mark the node live to let it serve"
    case .superseded(let endpoint):
      "another process registered as this node, at \(endpoint); give one of them another name"
    case .removed: "removed from the catalog; start the process anew to register again"
    }
  }
}
