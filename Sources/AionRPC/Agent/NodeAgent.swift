public import AionModel

/// Keeps a node live in the control plane, from inside the process that is the node.
///
///     let agent = try await NodeAgent.start(
///       NodeAgent.Configuration(node: "node-7", rpcEndpoint: "10.0.0.7:7000") {
///         NodeProgress(applied: ApplyPosition(engine.appliedBytes))
///       }, on: plane)
///     guard agent.isLive else { … }         // before acting as a leader
///     await agent.stop(.goodbye)            // the others take over at once
///
/// It registers the node and is heard of by the leader of the control plane about three times in a
/// time to live. A node that is not heard of for all of it is marked down there, and comes back by
/// itself when it is heard of again. Who acts by virtue of being live asks `validFor` first: it
/// ends before the control plane gives the node up, whatever was lost on the way (of the two clocks
/// only this is believed, that their paces differ by less than one in a hundred).
///
/// It ends by itself when the node is removed from the catalog, and when a process that registered
/// later goes by the node's name; `untilEnded` tells. One that nobody holds any more ends, too.
public final class NodeAgent: Sendable {
  /// How a node is known, and what it undertakes.
  public struct Configuration: Sendable {
    public var node: NodeID
    /// Where other nodes reach it.
    public var rpcEndpoint: String
    /// How long it may be silent. A change of leaders of the control plane should fit in: several
    /// of its election timeouts. The server has limits (`nodes.minimum_ttl`, `nodes.maximum_ttl`).
    public var timeToLive = Duration.seconds(10)
    /// How far the node has applied what it replicates; asked before each heartbeat, which waits
    /// for it: an engine that no longer answers this is one that has failed.
    public var progress: @Sendable () async -> NodeProgress

    public init(
      node: NodeID, rpcEndpoint: String,
      progress: @escaping @Sendable () async -> NodeProgress = { NodeProgress() }
    ) {
      self.node = node
      self.rpcEndpoint = rpcEndpoint
      self.progress = progress
    }
  }

  /// How the node stands as far as its agent knows, and what the agent has done.
  public struct Status: Hashable, Sendable {
    /// As the leader said last.
    public var standing: NodeStanding
    /// How long the node is live for sure.
    public var validFor: Duration
    /// Orders the lives of the node: a fencing token.
    public var registration: PlacementEpoch?
    public var isDraining: Bool
    /// As the newest answer said: those who work with older ones should catch up.
    public var catalogVersion: CatalogVersion
    public var placementEpoch: PlacementEpoch
    public var heartbeats: Int
    /// Heartbeats that were not answered.
    public var failures: Int
    /// Why the last heartbeat was not answered; nil when it was.
    public var lastFailure: ClusterError?
  }

  /// How a node goes.
  public enum Farewell: Sendable {
    /// It says that it goes: it is marked down at once.
    case goodbye
    /// It says nothing: it stays live for its time to live, and whoever is back by then was never
    /// away.
    case silence
  }

  private let pulse: AgentPulse
  private let beating: Task<NodeStanding?, Never>

  private init(_ pulse: AgentPulse) {
    self.pulse = pulse
    beating = Task { await pulse.beatOn() }
  }

  deinit { beating.cancel() }

  /// Registers the node, and goes on from there.
  ///
  /// - Throws: `unreachable` when no leader answers in the time of a call of `plane`;
  ///   `invalidName`; `other` with code 22023 for a time to live that the server does not allow.
  public static func start(
    _ configuration: Configuration, on plane: RemoteControlPlane
  ) async throws(ClusterError) -> NodeAgent {
    guard let timeToLive = TimeToLive(configuration.timeToLive) else {
      throw .timeToLive(
        "\(configuration.timeToLive)", allowed: "1 ms to \(TimeToLive.longest) are possible")
    }
    let pulse = AgentPulse(configuration, timeToLive, plane)
    try await pulse.beat(patience: nil)
    return NodeAgent(pulse)
  }

  public var status: Status { pulse.status }

  /// Whether the node is live for sure, now.
  public var isLive: Bool { pulse.validFor > .zero }

  /// How long the node is live for sure; zero when it may be marked down already.
  public var validFor: Duration { pulse.validFor }

  /// Tells the leader at once, say of progress that somebody waits for.
  ///
  /// - Throws: `unreachable` when no leader answers in time.
  @discardableResult
  public func report() async throws(ClusterError) -> Status {
    try await pulse.beat(patience: nil)
    return pulse.status
  }

  /// Waits until the agent has ended.
  ///
  /// - Returns: Why it ended by itself; nil after `stop`, and when the waiting task is cancelled.
  public func untilEnded() async -> NodeStanding? {
    // More than a century: as long as it takes.
    await FirstOf.wait(atMost: .seconds(1 << 32)) { [beating] in await beating.value } ?? nil
  }

  /// Ends the agent. `isLive` is false from then on.
  ///
  /// - Returns: Whether the control plane knows of it; a goodbye that does not get through in a
  ///   time to live is none.
  @discardableResult
  public func stop(_ farewell: Farewell) async -> Bool {
    pulse.stop()
    _ = await beating.value
    guard farewell == .goodbye else { return false }
    do throws(ClusterError) {
      try await pulse.beat(patience: pulse.timeToLive.duration, isGoodbye: true)
      return true
    } catch {
      return false
    }
  }
}

extension TimeToLive {
  fileprivate static let longest = Duration.milliseconds(Int64(UInt32.max))
}

extension ClusterError {
  /// A time to live that cannot be; SQLSTATE 22023, invalid parameter value.
  package static func timeToLive(_ asked: String, allowed: String) -> ClusterError {
    .other(sqlState: "22023", message: "a node's time to live cannot be \(asked): \(allowed)")
  }
}
