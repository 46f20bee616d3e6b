import AionModel
import AionRPC
import AionServer

extension ClusterRig {
  /// Takes a node out of the group; its process goes on until it is stopped.
  public func remove(_ number: Int) async throws(RigFailure) {
    guard let page = await status(of: running.first ?? number),
      let member = page.members.first(where: { $0.name == "n\(number)" })
    else { throw .noSuchNode(number) }
    let group = RemoteControlPlane(client)
    let outcome = await removal(of: ReplicaID(member.replica), by: group)
    await group.close()
    if let outcome { throw .refused(outcome.message) }
  }

  /// A change that is under way has to end first.
  ///
  /// - Returns: Why it cannot be removed.
  private func removal(
    of replica: ReplicaID, by group: RemoteControlPlane
  ) async -> ClusterError? {
    var last = ClusterError.cancelled
    for _ in 0..<100 where !Task.isCancelled {
      do throws(ClusterError) {
        let status = try await group.status()
        guard status.members.contains(where: { $0.peer.replica == replica }) else { return nil }
        try await group.manage(.remove(replica))
        return nil
      } catch {
        last = error
        switch error {
        case .membershipRefused(.changeInProgress), .membershipRefused(.isJoint), .busy,
          .outcomeUnknown, .notLeader, .unreachable:
          break
        default: return error
        }
      }
      try? await Task.sleep(for: .milliseconds(100))
    }
    return last
  }

  /// Has a node write a snapshot and forget the log before it.
  package func compact(_ number: Int) async throws(RigFailure) {
    let address = try node(number).address
    let group = RemoteControlPlane(client)
    let outcome: ClusterError?
    do throws(ClusterError) {
      try await group.manage(.compact, at: address)
      outcome = nil
    } catch {
      outcome = error
    }
    await group.close()
    if let outcome { throw .refused("n\(number) does not compact: \(outcome.message)") }
  }

  /// Whether a node itself answers a read that need not be the newest.
  package func answersLocalRead(_ number: Int) async -> Bool {
    guard let address = try? node(number).address else { return false }
    do {
      let connection = try await ClientConnection.open(
        to: address, as: "rig", security: security)
      defer { connection.close() }
      let read = Operation.read(.roles, .local(atLeast: .zero))
      let payload = try await connection.call(Request(read.encoded(), timeout: .seconds(10)))
      if case .read = try OperationAnswer(decoding: payload) { return true }
      return false
    } catch {
      return false
    }
  }
}
