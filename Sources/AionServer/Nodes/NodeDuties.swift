import AionCluster
import AionModel
import AionPlacement
import AionRPC
import Logging

/// What a process does for nodes and shards while it leads: it watches the ones, and maintains the
/// others.
struct NodeDuties {
  let switchboard: Switchboard
  let watch: NodeWatch
  let lookInterval: Duration
  /// nil: never by itself.
  let maintenanceInterval: Duration?
  let sharding: ShardingConfiguration
  let logger: Logger

  /// Goes on until the task is cancelled.
  func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await each(lookInterval) { await look() } }
      if let maintenanceInterval {
        group.addTask { await each(maintenanceInterval) { watch.tellChanges() } }
        group.addTask { for await _ in watch.changes { await maintain() } }
      }
    }
  }

  private func each(_ interval: Duration, _ body: () async -> Void) async {
    while !Task.isCancelled {
      try? await Task.sleep(for: interval)
      if !Task.isCancelled { await body() }
    }
  }

  private func look() async {
    do throws(ClusterError) {
      try await watch.look(under: switchboard.leading())
    } catch {
      watch.forget()
    }
  }
}

// MARK: - Maintenance

extension NodeDuties {
  /// One pass over each database that has shards.
  private func maintain() async {
    let leading: Leading
    do throws(ClusterError) { leading = try switchboard.leading() } catch { return }
    let maintainer = ReplicationMaintainer(plane: leading.plane, configuration: sharding)
    guard maintainer.maintainsByItself else { return }
    let databases = Set(leading.plane.snapshot().shards().map(\.key.database)).sorted()
    for database in databases where !leading.isOver && !Task.isCancelled {
      do throws(ClusterError) {
        try await maintain(database, by: maintainer, under: leading)
      } catch {
        watch.meters.failedPasses.add()
        logger.warning(
          "maintenance was not finished",
          metadata: ["database": "\(database)", "reason": "\(error.message)"])
      }
    }
  }

  private func maintain(
    _ database: DatabaseID, by maintainer: ReplicationMaintainer<ReplicatedControlPlane>,
    under leading: Leading
  ) async throws(ClusterError) {
    let caughtUp = try watch.caughtUpLearners(
      among: leading.plane.snapshot().shards(in: database), under: leading)
    let outcome = try await maintainer.tick(
      database, isLeader: !leading.isOver, isHighAvailabilityEnabled: true,
      caughtUpLearners: caughtUp)
    guard let outcome else { return }
    watch.meters.count(outcome)
    guard !outcome.isEmpty else { return }
    for line in outcome.description.split(separator: "\n") {
      logger.info("maintenance", metadata: ["database": "\(database)", "plan": "\(line)"])
    }
  }
}
