public import AionCatalog
public import AionModel
import Synchronization

/// A control plane whose state is followed here: it answers every read and resolves every key from
/// memory, at a known version, while writes go to the group.
///
///     let plane = try await CachedControlPlane.start(remote)
///     let leader = try await plane.resolveWriteShard(of: orders, key: key)   // nanoseconds
///     try await plane.waitFor(version: seenElsewhere)                        // read your writes
///
/// A read sees what this cache was told so far. A write through it returns once its own change is
/// here too. To see every write that anyone was acknowledged, `synchronize()` first. When the
/// connection is lost it answers on, says how stale it is, and catches up; when too much happened
/// meanwhile it begins again from the whole state.
public final class CachedControlPlane: ControlPlane, ClusterCatalog, TxnCoordinator,
  CommandProposer
{
  /// What this cache has done since it was started.
  public struct Activity: Hashable, Sendable {
    /// Whole states that were taken, the first one too.
    public var snapshots = 0
    public var changes = 0
    /// Times that the connection was lost, or a replica refused to be followed.
    public var interruptions = 0
    /// Changes that did not lead where they led the replica. Each made it begin again; none is
    /// expected, ever.
    public var divergences = 0
  }

  /// Where writes go.
  public let remote: RemoteControlPlane
  private let mirror: Mirror
  private let following: Task<Void, Never>

  private init(_ remote: RemoteControlPlane, _ mirror: Mirror) {
    self.remote = remote
    self.mirror = mirror
    following = Task { await Follower(remote: remote, mirror: mirror).run() }
  }

  deinit { following.cancel() }

  /// Takes the whole state and follows it from then on.
  ///
  /// - Throws: `unreachable`, and what else the first state cannot be had for.
  public static func start(
    _ remote: RemoteControlPlane
  ) async throws(ClusterError) -> CachedControlPlane {
    CachedControlPlane(remote, Mirror(try await remote.snapshot()))
  }

  /// Follows no more; reads go on from what is here.
  public func close() {
    following.cancel()
    mirror.close()
  }
}

// MARK: - Reading

extension CachedControlPlane {
  /// The state as this cache knows it: one version, whatever comes later.
  public func snapshot() -> ClusterSnapshot { mirror.snapshot }

  public func read<Answer: Sendable>(
    _ body: (ClusterSnapshot) throws(ClusterError) -> Answer
  ) throws(ClusterError) -> Answer {
    try body(mirror.snapshot)
  }

  /// The newest log index whose effects are here.
  public var applied: LogIndex { mirror.snapshot.applied }

  /// How long ago the replica that is followed was last heard of, which it is about every second.
  /// A replica that is cut off from its group goes on telling what it has.
  public var staleness: Duration { .now - mirror.lastHeard }

  public var activity: Activity { mirror.activity }

  /// Waits until everything up to `index` is here.
  ///
  /// - Parameter timeout: How long at most; nil: as long as a call to the group may take.
  /// - Throws: `unreachable` when it does not come in time, `cancelled`, `closed`.
  public func waitFor(
    _ index: LogIndex, within timeout: Duration? = nil
  ) async throws(ClusterError) {
    let clock = timeout.map { self.remote.within($0) } ?? self.remote
    try await clock.timed { () async throws(ClusterError) in try await self.mirror.wait(for: index)
    }
  }

  /// Waits until this version of the catalog is here.
  public func waitFor(version: CatalogVersion) async throws(ClusterError) {
    try await waitFor(version.index)
  }

  /// Waits until this placement epoch is here.
  public func waitFor(epoch: PlacementEpoch) async throws(ClusterError) {
    try await waitFor(epoch.index)
  }

  /// Waits until every write is here that anyone was acknowledged before.
  ///
  /// - Returns: Up to where that was.
  @discardableResult
  public func synchronize() async throws(ClusterError) -> LogIndex {
    try await remote.timed { () async throws(ClusterError) in
      let index = try await self.remote.reading(.linearizable).answer(to: .versions).index
      try await self.mirror.wait(for: index)
      return index
    }
  }
}

// MARK: - Writing

extension CachedControlPlane {
  public var now: WallTime { remote.now }

  /// Proposes, and returns once the change is here too. When it does not come here in time the
  /// write is made all the same, and reads may not show it yet.
  public func propose(_ batch: CommandBatch) async throws(ClusterError) -> Applied {
    let applied = try await remote.propose(batch)
    try? await waitFor(applied.index)
    return applied
  }
}
