import AionCluster
import AionModel
import AionRPC
import AionRaft

/// Answers those who join.
struct JoinService {
  let switchboard: Switchboard

  func serve(_ request: JoinRequest, for client: ClientIdentity) async -> Response {
    guard client.role >= .admin else {
      return .failure(.forbidden(needs: .admin, has: client.role))
    }
    guard let plane = switchboard.plane, !switchboard.isLeaving else {
      return .answer(JoinResponse.elsewhere(address: nil).encoded())
    }
    let response = await takeIn(request.name, at: request.address, by: plane)
    return .answer(response.encoded())
  }

  private func takeIn(
    _ name: String, at address: String, by plane: ReplicatedControlPlane
  ) async -> JoinResponse {
    guard (try? NodeID(name)) != nil, Address(address) != nil else {
      return .refused(reason: "'\(name)' at '\(address)' is no name and address")
    }
    let members = plane.status().membership
    let earlier = unheardOf(name, address, by: plane)
    let namesake = switchboard.book.peers.first {
      $0.name == name && members.contains($0.replica) && $0.replica != earlier
    }
    if let namesake {
      return .refused(
        reason: "replica \(namesake.replica) at \(namesake.address) is called \(name) too; "
          + "remove that member first, or take another name")
    }
    let replica = earlier ?? plane.unusedReplicaID
    let peer = PeerIdentity(replica: replica, name: name, address: address)
    if members.contains(replica) { return .takenIn(replica) }
    do throws(ClusterError) {
      try await plane.changeMembership(ConfigurationChange(steps: [.addLearner(replica)]))
    } catch {
      return JoinResponse(error)
    }
    switchboard.met(peer)
    return .takenIn(replica)
  }

  /// A process that was taken in, and whose directory did not get to know it, asks again.
  private func unheardOf(
    _ name: String, _ address: String, by plane: ReplicatedControlPlane
  ) -> ReplicaID? {
    let learners = plane.status().membership.learners
    return switchboard.book.peers.first {
      $0.name == name && $0.address == address && learners.contains($0.replica)
        && !plane.knows($0.replica)
    }?.replica
  }
}

extension JoinResponse {
  init(_ error: ClusterError) {
    self =
      switch error {
      case .notLeader(_, let address): .elsewhere(address: address)
      case .busy, .outcomeUnknown, .diskFull: .later(reason: error.message)
      case .membershipRefused(.changeInProgress), .membershipRefused(.isJoint),
        .membershipRefused(.notIntroduced):
        .later(reason: error.message)
      default: .refused(reason: error.message)
      }
  }
}
