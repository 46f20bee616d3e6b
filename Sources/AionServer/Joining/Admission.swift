import AionModel
import AionRPC
import Logging

/// What a process has from the group that took it in.
struct Admission: Sendable {
  var cluster: ClusterID
  var replica: ReplicaID
  /// Where the members are.
  var peers: [PeerIdentity]

  /// Asks until it is taken in.
  ///
  /// - Throws: `notTakenIn` when the time is over, or when it was refused.
  static func ask(
    _ configuration: ServerConfiguration, at addresses: [Address], from own: Address,
    logger: Logger
  ) async throws(ServerFault) -> Admission {
    let call = JoinCall(
      security: configuration.security, limits: configuration.limits,
      name: configuration.name.name, token: configuration.joinToken)
    let request = JoinRequest(name: configuration.name.name, address: "\(own)")
    let deadline = ContinuousClock.now + configuration.joinPatience
    var complaint = "no address was given"
    while true {
      let outcome = await call.ask(request, at: addresses, complaint: &complaint)
      switch outcome?.response {
      case .takenIn(let replica)?:
        let welcome = outcome?.welcome
        guard let welcome else { break }
        return Admission(cluster: welcome.cluster, replica: replica, peers: welcome.peers)
      case .refused(let reason)?: throw .notTakenIn(reason: reason)
      case .later(let reason)?: complaint = reason
      case .elsewhere?, nil: break
      }
      guard ContinuousClock.now < deadline, !Task.isCancelled else {
        throw .notTakenIn(reason: complaint)
      }
      logger.info("not taken in yet", metadata: ["reason": "\(complaint)"])
      try? await Task.sleep(for: .milliseconds(500))
    }
  }
}
