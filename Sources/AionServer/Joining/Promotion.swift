import AionCluster
import AionModel
import AionRPC
import AionRaft
import Logging

/// A process that joined asks for its vote until it has it.
enum Promotion {
  static func task(
    _ configuration: ServerConfiguration, switchboard: Switchboard, logger: Logger
  ) -> Task<Void, Never>? {
    guard case .joining(let addresses) = configuration.beginning else { return nil }
    let call = LeaderCall(
      security: configuration.security, limits: configuration.limits,
      name: configuration.name.name)
    return Task {
      while !Task.isCancelled {
        if await isDone(call, addresses, switchboard, logger) { return }
        try? await Task.sleep(for: .milliseconds(500))
      }
    }
  }

  private static func isDone(
    _ call: LeaderCall, _ addresses: [Address], _ switchboard: Switchboard, _ logger: Logger
  ) async -> Bool {
    guard let plane = switchboard.plane else { return true }
    let status = plane.status()
    let own = switchboard.identity.replica
    if status.membership.voters.contains(own) { return true }
    guard status.membership.learners.contains(own) else { return false }
    let known = status.leader.flatMap { switchboard.book[$0] }.flatMap { Address($0.address) }
    var complaint = ""
    let outcome = await call.ask(
      .promote(own), at: [known].compactMap { $0 } + addresses, of: switchboard.cluster,
      complaint: &complaint)
    switch outcome?.response {
    case .done?:
      logger.info("promoted", metadata: ["replica": "\(own)"])
      return true
    case .later(let reason)?, .refused(let reason)?: complaint = reason
    default: break
    }
    logger.debug("not promoted yet", metadata: ["reason": "\(complaint)"])
    return false
  }
}
