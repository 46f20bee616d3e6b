public import AionModel

/// A type whose log is another's: it proposes there and reads there.
public protocol InMemoryPlane: CommandProposer {
  /// The log that it shares.
  var log: InMemoryLog { get }
}

extension InMemoryPlane {
  public var now: WallTime { log.now }

  public func propose(_ batch: CommandBatch) throws(ClusterError) -> Applied {
    try log.propose(batch)
  }

  public func read<Answer: Sendable>(
    _ body: (ClusterSnapshot) throws(ClusterError) -> Answer
  ) throws(ClusterError) -> Answer {
    try log.read(body)
  }

  public func snapshot() -> ClusterSnapshot { log.snapshot() }
}

/// A volatile control plane, for tests and for engines that run alone.
public final class InMemoryControlPlane: ControlPlane, InMemoryPlane {
  public let log: InMemoryLog

  public init(log: InMemoryLog = InMemoryLog()) { self.log = log }
}

/// A volatile catalog of databases and roles.
public final class InMemoryClusterCatalog: ClusterCatalog, InMemoryPlane {
  public let log: InMemoryLog

  public init(log: InMemoryLog = InMemoryLog()) { self.log = log }
}

/// A volatile transaction coordinator. On the log of a control plane it knows the leaders of the
/// shards; on one of its own the participants must name theirs.
public final class InMemoryTxnCoordinator: TxnCoordinator, InMemoryPlane {
  public let log: InMemoryLog

  public init(log: InMemoryLog = InMemoryLog()) { self.log = log }
}
