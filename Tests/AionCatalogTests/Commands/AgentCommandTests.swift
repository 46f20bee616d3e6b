import AionCatalog
import AionModel
import Testing

@Suite("Commands of nodes' agents")
struct AgentCommandTests {
  var machine = Machine()

  private func register(
    _ agent: AgentID, at endpoint: String = "a:1", renewing: PlacementEpoch? = nil
  ) -> Command {
    .registerNode(
      "a", rpcEndpoint: endpoint, agent: agent, timeToLive: .seconds(9), renewing: renewing)
  }

  @Test("An agent registers its node; again, under a new epoch; and draining stays as it is")
  mutating func register() throws {
    #expect(try machine.bumps(of: register(1)) == [.placement, .state])
    #expect(
      machine.snapshot.node("a")
        == NodeDescriptor(
          id: "a", rpcEndpoint: "a:1",
          registration: NodeRegistration(epoch: 1, agent: 1, timeToLive: .seconds(9))))
    try machine.apply(.setNodeDraining("a", to: true))
    #expect(try machine.bumps(of: register(1, at: "a:2")) == [.placement, .state])
    let again = try #require(machine.snapshot.node("a"))
    #expect(again.registration?.epoch == 3)
    #expect(again.rpcEndpoint == "a:2" && again.isDraining)
    #expect(machine.refusal(of: register(1, at: "")) == .invalidName(.endpoint, "", .empty))
  }

  @Test("A node that was silent goes down, and comes back when its agent registers it anew")
  mutating func expire() throws {
    try machine.apply(register(1))
    #expect(try machine.bumps(of: .expireNode("a", registration: 1)) == [.placement, .state])
    let silent = try #require(machine.snapshot.node("a"))
    #expect(!silent.isLive && silent.registration?.epoch == 1 && !silent.isHeldDown)
    #expect(try machine.bumps(of: .expireNode("a", registration: 1)) == .nothing)
    #expect(try machine.bumps(of: register(1, renewing: 1)) == [.placement, .state])
    #expect(machine.snapshot.node("a")?.isLive == true)
    // A decision about what it undertook before.
    #expect(try machine.bumps(of: .expireNode("a", registration: 1)) == .nothing)
    #expect(machine.refusal(of: .expireNode("b", registration: 1)) == .unknownNode("b"))
  }

  @Test("Of two agents the one that registered later counts; the earlier one cannot go on")
  mutating func superseded() throws {
    try machine.apply(register(1))
    try machine.apply(register(2, at: "a:2"))
    #expect(try machine.bumps(of: register(1, renewing: 1)) == .nothing)
    try machine.apply(.expireNode("a", registration: 2))
    #expect(try machine.bumps(of: register(1, renewing: 1)) == .nothing)
    // Its own, of which it did not hear: the answer was lost.
    #expect(try machine.bumps(of: register(2, at: "a:2", renewing: 1)) == [.placement, .state])
    // Who begins has come to take its place.
    try machine.apply(register(3, at: "a:3"))
    #expect(machine.snapshot.node("a")?.registration?.agent == 3)
  }

  @Test("A node that was removed is not brought back by an agent that goes on; one that begins may")
  mutating func removed() throws {
    try machine.apply(register(1))
    try machine.apply(.removeNode("a"))
    #expect(machine.refusal(of: register(1, renewing: 1)) == .unknownNode("a"))
    try machine.apply(register(1))
    #expect(machine.snapshot.node("a")?.isLive == true)
  }

  @Test(
    "A node that was marked down by hand stays down, whatever its agent says, until marked live")
  mutating func heldDown() throws {
    try machine.apply(register(1))
    #expect(try machine.bumps(of: .markNode("a", live: false)) == [.placement, .state])
    #expect(machine.snapshot.node("a")?.isHeldDown == true)
    #expect(try machine.bumps(of: register(1, renewing: 1)) == .nothing)
    #expect(try machine.bumps(of: register(2)) == .nothing)
    #expect(try machine.bumps(of: .markNode("a", live: false)) == .nothing)
    try machine.apply(.markNode("a", live: true))
    #expect(machine.snapshot.node("a")?.registration == nil)
    #expect(try machine.bumps(of: register(1, renewing: 1)) == [.placement, .state])
    // Silent first, and then somebody says so too.
    try machine.apply(.expireNode("a", registration: machine.snapshot.placementEpoch))
    #expect(try machine.bumps(of: .markNode("a", live: false)) == [.placement, .state])
    #expect(machine.snapshot.node("a")?.isHeldDown == true)
  }

  @Test("A node that is marked live while its agent is silent stays watched")
  mutating func markedLive() throws {
    try machine.apply(register(1))
    try machine.apply(.expireNode("a", registration: 1))
    try machine.apply(.markNode("a", live: true))
    #expect(machine.snapshot.node("a")?.registration?.epoch == 1)
    #expect(try machine.bumps(of: .expireNode("a", registration: 1)) == [.placement, .state])
  }

  @Test("An upsert gives no registration and takes none, but that of a node that it says is down")
  mutating func upserted() throws {
    let claimed = NodeRegistration(epoch: 7, agent: 7, timeToLive: .seconds(7))
    try machine.apply(
      .upsertNode(NodeDescriptor(id: "a", rpcEndpoint: "a:1", registration: claimed)))
    #expect(machine.snapshot.node("a")?.registration == nil)
    try machine.apply(register(1))
    try machine.apply(
      .upsertNode(NodeDescriptor(id: "a", rpcEndpoint: "a:9", registration: claimed)))
    #expect(machine.snapshot.node("a")?.registration?.epoch == 2)
    #expect(machine.snapshot.node("a")?.rpcEndpoint == "a:9")
    try machine.apply(.upsertNode("a", live: false))
    #expect(machine.snapshot.node("a")?.isHeldDown == true)
  }

  @Test("A time to live has from 1 ms to 49 days, and is read in whole milliseconds")
  func timesToLive() {
    #expect(TimeToLive(milliseconds: 0) == nil)
    #expect(TimeToLive(.zero) == nil)
    #expect(TimeToLive(.microseconds(999)) == nil)
    #expect(TimeToLive(.seconds(-5)) == nil)
    #expect(TimeToLive(.microseconds(1_999))?.milliseconds == 1)
    #expect(TimeToLive(.milliseconds(Int64(UInt32.max)))?.milliseconds == .max)
    #expect(TimeToLive(.milliseconds(Int64(UInt32.max) + 1)) == nil)
    #expect(TimeToLive(.seconds(Int64.max)) == nil)
    #expect(TimeToLive(.seconds(9))?.duration == .seconds(9))
  }
}
