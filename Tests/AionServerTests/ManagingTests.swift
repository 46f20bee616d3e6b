import AionModel
import AionRPC
import ClusterRig
import Testing

@Suite("Members are managed by clients", .serialized, .timeLimit(.minutes(5)))
struct ManagingTests {
  @Test("A learner that has not caught up is not promoted, nor is who is no member")
  func promotion() async throws {
    try await ClusterRig.run(founders: 1) { rig in
      _ = try await rig.leader()
      let group = RemoteControlPlane(
        RemoteConfiguration(addresses: rig.addresses, name: "test", seed: 1))
      // Nobody listens there.
      let absent = PeerIdentity(replica: 2, name: "absent", address: "127.0.0.1:1")
      let status = try await group.manage(.add(absent))
      #expect(status.members.map(\.votes) == [true, false])
      let refused = await #expect(throws: ClusterError.self) {
        try await group.manage(.promote(2))
      }
      guard case .membershipRefused(.lagging(2, matched: .zero, _))? = refused else {
        Issue.record("\(String(describing: refused))")
        return
      }
      await #expect(throws: ClusterError.membershipRefused(.notAMember(9))) {
        try await group.manage(.promote(9))
      }
      try await group.manage(.promote(1))
      #expect(try await group.manage(.remove(2)).members.count == 1)
      // One that joins would give the room of its book to those of years ago.
      let connection = try await ClientConnection.open(
        to: try #require(rig.addresses.first), as: "test")
      #expect(connection.welcome.peers.map(\.replica) == [1], "who was removed is told to nobody")
      await group.close()
    }
  }
}
