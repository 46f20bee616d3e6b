import AionModel
import AionRPC
import Testing

@Suite("What an agent may believe")
struct AgentLeaseTests {
  private var lease = AgentLease()
  /// Nothing depends on when it is.
  private let start = ContinuousClock.now

  private func answer(
    _ standing: NodeStanding, _ registration: PlacementEpoch? = 1
  ) -> HeartbeatAnswer {
    HeartbeatAnswer(standing, registration: registration, catalogVersion: 5, placementEpoch: 6)
  }

  @Test(
    "It is live from the first answer, counted from when the heartbeat was sent, less the drift")
  mutating func live() {
    #expect(lease.validFor(at: start) == .zero)
    lease.take(answer(.live(for: .seconds(10))), sent: start)
    #expect(lease.validFor(at: start + .seconds(3)) == .milliseconds(6_900))
    #expect(lease.validFor(at: start + .milliseconds(9_900)) == .zero)
    #expect(lease.validFor(at: start + .seconds(60)) == .zero)
    lease.take(answer(.live(for: .seconds(10))), sent: start + .seconds(3))
    #expect(lease.validFor(at: start + .seconds(3)) == .milliseconds(9_900))
    #expect(lease.registration == 1 && lease.catalogVersion == 5 && lease.placementEpoch == 6)
  }

  @Test(
    "It ends at once with any other word",
    arguments: [
      NodeStanding.heldDown, .removed, .departed, .superseded(rpcEndpoint: "elsewhere:1"),
    ])
  mutating func ended(standing: NodeStanding) {
    lease.take(answer(.live(for: .seconds(10))), sent: start)
    lease.take(answer(standing, nil), sent: start + .seconds(1))
    #expect(lease.validFor(at: start + .seconds(1)) == .zero)
    #expect(lease.standing == standing)
    #expect(lease.registration == 1, "it goes with the next heartbeat all the same")
    #expect(standing.isFinal == (standing != .heldDown))
  }

  @Test("An answer that comes late, to a heartbeat before the one that was answered, says nothing")
  mutating func late() {
    lease.take(answer(.heldDown), sent: start + .seconds(2))
    lease.take(answer(.live(for: .seconds(10))), sent: start + .seconds(1))
    #expect(lease.standing == .heldDown)
    #expect(lease.validFor(at: start + .seconds(2)) == .zero)
  }

  @Test("Before a goodbye it believes nothing any more")
  mutating func relinquished() {
    lease.take(answer(.live(for: .seconds(10))), sent: start)
    lease.relinquish()
    #expect(lease.validFor(at: start) == .zero)
  }
}
