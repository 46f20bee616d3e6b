public import AionModel

/// A node of the database on the network: executes fragments of queries for others.
///
///     let server = try await FragmentServer.start(
///       FragmentServer.Setup(node: "node-7", cluster: cluster, address: address),
///       catalog: cachedPlane, handler: engine)
///
/// What others reach it at is what its agent registers (`NodeAgent.Configuration.rpcEndpoint`). It
/// lets in whoever its policy does, and executes nothing whose plan no longer holds
/// (Docs/Executing.md).
public final class FragmentServer: Sendable {
  /// How a fragment server is set up.
  public struct Setup: Sendable {
    /// Which node this is; a caller that wants another one is not let in.
    public var node: NodeID
    /// Of which cluster it is.
    public var cluster: ClusterID
    /// Where to listen; port 0 lets the system choose.
    public var address: Address
    /// TLS, or none; without it the node listens on loopback only, unless this says otherwise.
    public var security = TransportSecurity.plaintext()
    /// Who is let in, and as what. By default whoever comes, as an admin.
    public var policy = AccessPolicy.trustful
    /// Of each connection, and how many there may be.
    public var limits = ConnectionLimits()
    /// How many fragments are executed at a time, and for whom.
    public var fragments = FragmentLimits()
    /// Told of a caller that was not let in: why, and where it came from; from any thread.
    public var turnedAway: @Sendable (ConnectionEnd, String) -> Void = { _, _ in }
    /// Threads that connections share. Fragments are executed on Swift's own.
    public var threads = 2

    public init(node: NodeID, cluster: ClusterID, address: Address) {
      self.node = node
      self.cluster = cluster
      self.address = address
    }
  }

  /// What a server does, and has done since it was started.
  public struct Activity: Hashable, Sendable {
    /// Fragments that are here now, waiting for the catalog or executed.
    public var running = 0
    /// What their plans take.
    public var planBytes = ByteCount.zero
    /// Fragments that the engine was given.
    public var begun = 0
    public var done = 0
    /// Refused because their plan did not hold, or the node did not catch up.
    public var outOfStep = 0
    /// Refused because there were too many.
    public var turnedAway = 0
    public var cancelled = 0
    /// Refused for other reasons, by the engine for one.
    public var failed = 0
  }

  /// Where it listens.
  public var address: Address { listener.address }
  public var activity: Activity { service.activity }
  public var meters: TransportMeters { listener.meters }

  private let listener: Listener
  private let service: FragmentService

  private init(_ listener: Listener, _ service: FragmentService) {
    self.listener = listener
    self.service = service
  }

  /// Begins to listen.
  ///
  /// - Throws: `ListenFault`; nothing is left behind then.
  public static func start(
    _ setup: Setup, catalog: any CatalogView, handler: any FragmentHandler
  ) async throws(ListenFault) -> FragmentServer {
    let service = FragmentService(setup, catalog: catalog, handler: handler)
    let listener = try await Listener.start(
      Listener.Setup(
        address: setup.address, security: setup.security, policy: setup.policy,
        limits: setup.limits, threads: setup.threads),
      for: service)
    return FragmentServer(listener, service)
  }

  /// Reads the files of TLS again, and lets in by another policy. Connections that are made from
  /// now on go by that; of those that there are only those end whose certificates were revoked.
  ///
  /// - Throws: Why the files are of no use; everything stays as it was then.
  public func renew(_ security: TransportSecurity, _ policy: AccessPolicy) throws(TLSFault) {
    try listener.renew(security, policy)
  }

  /// Takes no more fragments, cancels those that are not done after `grace`, closes all
  /// connections, and waits until the engine has stopped.
  public func close(grace: Duration = .zero) async {
    service.running.close()
    if grace > .zero {
      _ = await FirstOf.wait(atMost: grace) { [listener] in await listener.waitForRequests() }
    }
    service.running.cancelAll()
    await listener.close()
  }
}
