import AionCluster
import AionModel
import AionRPC
import AionRaft
import Logging

/// A process that joined asks for its vote until it has it.
struct Promotion {
  let switchboard: Switchboard
  let group: RemoteControlPlane
  let logger: Logger

  /// Nil for a process that does not join.
  static func task(
    _ configuration: ServerConfiguration, switchboard: Switchboard, logger: Logger
  ) -> Task<Void, Never>? {
    guard case .joining(let addresses) = configuration.beginning else { return nil }
    var remote = RemoteConfiguration(
      addresses: addresses, name: configuration.name.name, seed: .random(in: 0...UInt64.max))
    remote.cluster = switchboard.cluster
    remote.security = configuration.security
    remote.token = configuration.joinToken
    remote.limits = configuration.limits
    let promotion = Promotion(
      switchboard: switchboard, group: RemoteControlPlane(remote), logger: logger)
    return Task {
      while !Task.isCancelled, await !promotion.isDone() {
        try? await Task.sleep(for: .milliseconds(500))
      }
      await promotion.group.close()
    }
  }

  private func isDone() async -> Bool {
    guard let plane = switchboard.plane else { return true }
    let membership = plane.status().membership
    let own = switchboard.identity.replica
    if membership.voters.contains(own) { return true }
    guard membership.learners.contains(own) else { return false }
    do throws(ClusterError) {
      try await group.manage(.promote(own))
      logger.info("promoted", metadata: ["replica": "\(own)"])
      return true
    } catch {
      logger.debug("not promoted yet", metadata: ["reason": "\(error.message)"])
      return false
    }
  }
}
