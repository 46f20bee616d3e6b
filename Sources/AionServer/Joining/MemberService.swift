import AionCluster
import AionModel
import AionRPC
import AionRaft

/// Answers those who join, and those who manage the members.
struct MemberService {
  let switchboard: Switchboard

  /// Entries that a learner may lack and still count as caught up: they come while it is promoted.
  private static var permittedLag: UInt64 { 1_000 }

  func serve(_ request: MemberRequest, for client: ClientIdentity) async -> Response {
    guard client.role >= .admin else {
      return .failure(.forbidden(needs: .admin, has: client.role))
    }
    guard let plane = switchboard.plane, !switchboard.isLeaving else {
      return .answer(MemberResponse.elsewhere(address: nil).encoded())
    }
    let response =
      switch request {
      case .join(let name, let address): await takeIn(name, at: address, by: plane)
      case .promote(let replica): await promote(replica, by: plane)
      case .remove(let replica): await change(.remove(replica), by: plane)
      case .transfer(let replica): await transfer(to: replica, by: plane)
      }
    return .answer(response.encoded())
  }

  private func takeIn(
    _ name: String, at address: String, by plane: ReplicatedControlPlane
  ) async -> MemberResponse {
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
      return MemberResponse(error)
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

  private func promote(
    _ replica: ReplicaID, by plane: ReplicatedControlPlane
  ) async -> MemberResponse {
    let status = plane.status()
    if status.membership.voters.contains(replica) { return .done }
    guard status.role == .leader else { return .elsewhere(address: leaderAddress(of: status)) }
    guard let member = status.progress.first(where: { $0.replica == replica }) else {
      return .refused(reason: "replica \(replica) is no member")
    }
    let committed = status.storage.committedIndex.rawValue
    guard member.phase == .replicating, member.match.rawValue + Self.permittedLag > committed else {
      return .later(reason: "it has entries to \(member.match) of \(committed)")
    }
    return await change(.addVoter(replica), by: plane)
  }

  private func change(
    _ step: ConfigurationChange.Step, by plane: ReplicatedControlPlane
  ) async -> MemberResponse {
    do throws(ClusterError) {
      try await plane.changeMembership(ConfigurationChange(steps: [step]))
      return .done
    } catch {
      return MemberResponse(error)
    }
  }

  private func transfer(
    to replica: ReplicaID, by plane: ReplicatedControlPlane
  ) async -> MemberResponse {
    do throws(ClusterError) {
      try await plane.transferLeadership(to: replica.rawValue == 0 ? nil : replica)
      return .done
    } catch {
      return MemberResponse(error)
    }
  }

  private func leaderAddress(of status: ReplicaStatus) -> String? {
    status.leader.flatMap { switchboard.book[$0]?.address }
  }
}

extension MemberResponse {
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
