/// The undertaking of a node's agent: to be heard of before its time to live is over.
public struct NodeRegistration: Hashable, Sendable {
  /// When it was given. Of two processes that go by one node's name the later one counts.
  public var epoch: PlacementEpoch
  /// Which process gave it.
  public var agent: AgentID
  public var timeToLive: TimeToLive

  public init(epoch: PlacementEpoch, agent: AgentID, timeToLive: TimeToLive) {
    self.epoch = epoch
    self.agent = agent
    self.timeToLive = timeToLive
  }
}

/// One life of an agent, by a number that it draws when it starts.
public struct AgentID: Identity {
  public var rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }
}
