import AionModel
import AionPlacement
import Testing

/// A leader, its agents and a catalog, without clock and network: time is what the test says.
private final class World {
  /// Nothing depends on when it is.
  let start = ContinuousClock.now
  var now: ContinuousClock.Instant
  var table: LivenessTable
  var nodes: [NodeDescriptor] = []

  static let timeToLive = TimeToLive(milliseconds: 10_000) ?? shortest
  private static var shortest: TimeToLive { preconditionFailure("no time") }

  init() {
    now = start
    table = LivenessTable(from: start, longestLook: .seconds(1))
  }

  /// The log's answer to a registration.
  func register(_ node: NodeID, _ epoch: PlacementEpoch, agent: AgentID = 1) {
    nodes.removeAll { $0.id == node }
    nodes.append(
      NodeDescriptor(
        id: node, rpcEndpoint: "\(node):1",
        registration: NodeRegistration(
          epoch: epoch, agent: agent, timeToLive: Self.timeToLive)))
  }

  func change(_ node: NodeID, _ change: (inout NodeDescriptor) -> Void) {
    for place in nodes.indices where nodes[place].id == node { change(&nodes[place]) }
  }

  func heartbeat(
    _ node: NodeID, agent: AgentID = 1, _ registration: PlacementEpoch? = nil,
    applied: ApplyPosition? = nil
  ) -> Heartbeat {
    Heartbeat(
      node: node, rpcEndpoint: "\(node):1", agent: agent, timeToLive: Self.timeToLive,
      registration: registration, progress: NodeProgress(applied: applied))
  }

  func step(_ heartbeat: Heartbeat) -> HeartbeatStep {
    table.step(for: heartbeat, of: nodes.first { $0.id == heartbeat.node })
  }

  /// Whether the node has its whole time from now on.
  func hear(_ heartbeat: Heartbeat) -> Bool {
    guard case .extend(let registration) = step(heartbeat) else { return false }
    return table.heard(heartbeat, as: registration, received: now)
  }

  /// Time goes by with a look each quarter of a second.
  func pass(_ time: Duration) -> [SilentNode] {
    let end = now + time
    var silent: [SilentNode] = []
    while now < end {
      now = min(end, now + .milliseconds(250))
      table.look(at: nodes, now: now)
      silent += table.takeSilent(at: now)
    }
    return silent
  }

  func left(_ node: NodeID) -> Duration? { table.timeLeft(of: node, at: now) }
}

@Suite("Liveness as the leader counts it")
struct LivenessTests {
  private let world = World()

  @Test(
    "A node that is heard of in time is never silent; one that is not is, when its time is over")
  func silence() {
    world.register("a", 1)
    world.register("b", 2)
    #expect(world.hear(world.heartbeat("a", 1)))
    for _ in 0..<20 {
      #expect(world.pass(.seconds(3)).filter { $0.node == "a" }.isEmpty)
      #expect(world.hear(world.heartbeat("a", 1)))
    }
    #expect(world.left("a") == .seconds(10))
    #expect(world.pass(.milliseconds(9_750)).isEmpty)
    #expect(world.left("a") == .milliseconds(250))
    #expect(
      world.pass(.milliseconds(250)) == [SilentNode(node: "a", registration: 1)])
  }

  @Test("A new leader gives every live node all of its time, however long it was silent before")
  func grace() {
    world.register("a", 1)
    world.register("b", 2)
    // By hand: nobody watches it.
    world.nodes.append(NodeDescriptor(id: "c", rpcEndpoint: "c:1"))
    #expect(world.pass(.milliseconds(10_000)).isEmpty)
    #expect(world.table.nodes == ["a", "b"])
    #expect(world.left("c") == nil)
    #expect(
      world.pass(.milliseconds(250)).map(\.node) == ["a", "b"], "neither was ever heard of")
    // Another leadership; the log has not marked them yet.
    world.table = LivenessTable(from: world.now, longestLook: .seconds(1))
    #expect(world.pass(.seconds(9)).isEmpty)
    #expect(world.hear(world.heartbeat("b", 2)))
    #expect(world.pass(.milliseconds(1_250)).map(\.node) == ["a"])
  }

  @Test("A condemned node is told that it is live only under a new registration")
  func condemned() {
    world.register("a", 1)
    #expect(world.hear(world.heartbeat("a", 1)))
    #expect(world.pass(.milliseconds(10_250)).map(\.node) == ["a"])
    #expect(world.left("a") == .zero)
    #expect(world.pass(.seconds(20)).isEmpty, "it is decided once")
    // The decision is on its way through the log; the catalog still shows it live.
    #expect(world.step(world.heartbeat("a", 1)) == .register(renewing: 1))
    world.register("a", 7)
    #expect(world.hear(world.heartbeat("a", 1)))
    #expect(world.left("a") == .seconds(10))
    // The decision about the old registration says nothing of the new one.
    world.table.settle(SilentNode(node: "a", registration: 1))
    #expect(world.pass(.milliseconds(10_250)) == [SilentNode(node: "a", registration: 7)])
  }

  @Test("A node whose marking failed is live again, and silent again at the next look")
  func settled() {
    world.register("a", 1)
    let silent = world.pass(.milliseconds(10_250))
    #expect(silent.count == 1)
    for node in silent { world.table.settle(node) }
    #expect(world.hear(world.heartbeat("a", 1)))
    #expect(world.left("a") == .seconds(10))
  }

  @Test("What was decided between a heartbeat's step and its counting is not undone by it")
  func race() {
    world.register("a", 1)
    let heartbeat = world.heartbeat("a", 1)
    #expect(world.pass(.seconds(10)).isEmpty)
    guard case .extend(let registration) = world.step(heartbeat) else {
      Issue.record("\(world.step(heartbeat))")
      return
    }
    let received = world.now
    #expect(world.pass(.milliseconds(250)).map(\.node) == ["a"])
    let isLive = world.table.heard(heartbeat, as: registration, received: received)
    #expect(!isLive)
    #expect(world.left("a") == .zero)
  }

  @Test(
    "A node that was silent registers anew when it is heard of; one that was marked by hand not")
  func down() {
    world.register("a", 1)
    world.change("a") { $0.isLive = false }
    #expect(world.step(world.heartbeat("a", 1)) == .register(renewing: 1))
    #expect(world.pass(.seconds(60)).isEmpty)
    #expect(world.left("a") == nil)
    world.change("a") { $0.registration = nil }
    #expect(world.step(world.heartbeat("a", 1)) == .tell(.heldDown))
    #expect(world.step(world.heartbeat("a")) == .tell(.heldDown))
    world.change("a") { $0.isLive = true }
    #expect(world.step(world.heartbeat("a", 1)) == .register(renewing: 1))
  }

  @Test("Of a removed node who begins may register, who goes on is told")
  func removed() {
    #expect(world.step(world.heartbeat("a")) == .register(renewing: nil))
    #expect(world.step(world.heartbeat("a", 1)) == .tell(.removed))
    world.register("a", 1)
    _ = world.pass(.seconds(1))
    world.nodes = []
    #expect(world.pass(.seconds(30)).isEmpty, "what is removed cannot be silent")
    #expect(world.table.count == 0)
  }

  @Test(
    "Of two processes of one name the later one counts, and the earlier one is told where it is")
  func superseded() {
    world.register("a", 5, agent: 2)
    #expect(
      world.step(world.heartbeat("a", agent: 1, 3)) == .tell(.superseded(rpcEndpoint: "a:1")))
    #expect(world.step(world.heartbeat("a", agent: 1)) == .register(renewing: nil))
    // Its own registration, of which it has not heard.
    #expect(world.hear(world.heartbeat("a", agent: 2)))
    #expect(world.hear(world.heartbeat("a", agent: 2, 3)))
    // From a time that the log has forgotten: a cluster that was restored.
    #expect(world.step(world.heartbeat("a", agent: 1, 9)) == .register(renewing: 9))
  }

  @Test("Another time to live is another undertaking")
  func otherTime() {
    world.register("a", 1)
    var heartbeat = world.heartbeat("a", 1)
    heartbeat.timeToLive = TimeToLive(milliseconds: 5) ?? heartbeat.timeToLive
    #expect(world.step(heartbeat) == .register(renewing: 1))
  }

  @Test(
    "Who says goodbye goes down, unless it is down already, removed, or not the one that counts")
  func goodbye() {
    var heartbeat = world.heartbeat("a", 1)
    heartbeat.isGoodbye = true
    #expect(world.step(heartbeat) == .tell(.departed))
    world.register("a", 1)
    #expect(world.step(heartbeat) == .depart(1))
    world.register("a", 4, agent: 2)
    #expect(world.step(heartbeat) == .tell(.departed))
    world.register("a", 1)
    world.change("a") { $0.isLive = false }
    #expect(world.step(heartbeat) == .tell(.departed))
  }

  @Test("A leader that was not there to listen holds its own absence against nobody")
  func absence() {
    world.register("a", 1)
    world.register("b", 2)
    #expect(world.hear(world.heartbeat("a", 1)))
    #expect(world.pass(.seconds(4)).isEmpty)
    #expect(world.hear(world.heartbeat("b", 2)))
    // It hangs for a minute.
    world.now += .seconds(60)
    world.table.look(at: world.nodes, now: world.now)
    let silent = world.table.takeSilent(at: world.now)
    #expect(silent.isEmpty)
    // A second of it counts: that much may pass between two looks.
    #expect(world.left("a") == .seconds(5))
    #expect(world.left("b") == .seconds(9))
    #expect(world.pass(.milliseconds(5_000)).map(\.node) == ["a"])
  }
}

@Suite("Which learners are caught up by what nodes report")
struct ReportedProgressTests {
  private let world = World()
  private let shard = ShardDescriptor(
    key: ShardKey(database: 1, relation: 2, shard: 3),
    placements: [
      ShardPlacement(shard: 3, node: "lead", role: .leader),
      ShardPlacement(shard: 3, node: "learn", role: .learner),
    ])

  init() {
    world.register("lead", 1)
    world.register("learn", 2)
  }

  private var caughtUp: Bool { !world.table.caughtUpLearners(among: [shard]).isEmpty }

  private func report(_ node: NodeID, _ progress: NodeProgress) {
    world.now += .milliseconds(100)
    var heartbeat = world.heartbeat(node, node == "lead" ? 1 : 2)
    heartbeat.progress = progress
    #expect(world.hear(heartbeat))
  }

  @Test("One that has applied what its leader had when it reported last")
  func reached() {
    #expect(!caughtUp)
    report("lead", NodeProgress(applied: 100))
    #expect(!caughtUp)
    report("learn", NodeProgress(applied: 99))
    #expect(!caughtUp)
    report("learn", NodeProgress(applied: 100))
    #expect(
      world.table.caughtUpLearners(among: [shard])
        == [ReplicaCatchupKey(shard: shard.key, node: "learn")])
    #expect(world.table.applied(of: "learn") == 100)
  }

  @Test("A learner close behind is caught up, though each time its leader reports after it")
  func closeBehind() {
    report("lead", NodeProgress(applied: 100))
    for position in [UInt64](1...5) {
      report("learn", NodeProgress(applied: ApplyPosition(100 + position * 10 - 1)))
      report("lead", NodeProgress(applied: ApplyPosition(100 + position * 10)))
      #expect(caughtUp)
    }
    // Reported by the leader twice since: what it had then is what counts.
    report("lead", NodeProgress(applied: 1_000))
    #expect(!caughtUp, "the report before the learner's is not known any more")
  }

  @Test("Positions in a shard's own log are compared with such, and those of the common log too")
  func logs() {
    report("lead", NodeProgress(applied: 5, shards: [shard.key: 100]))
    report("learn", NodeProgress(applied: 200))
    #expect(!caughtUp, "200 of the common log is not 100 of the shard's own")
    report("learn", NodeProgress(applied: 0, shards: [shard.key: 100]))
    #expect(caughtUp)
    report("lead", NodeProgress(applied: 5))
    report("learn", NodeProgress(applied: 0, shards: [shard.key: 100]))
    #expect(!caughtUp)
  }

  @Test("Not while either is down, or the leader says nothing")
  func silent() {
    report("lead", NodeProgress())
    report("learn", NodeProgress(applied: 100))
    #expect(!caughtUp)
    report("lead", NodeProgress(applied: 1))
    report("learn", NodeProgress(applied: 1))
    #expect(caughtUp)
    world.change("lead") { $0.isLive = false }
    _ = world.pass(.milliseconds(250))
    #expect(!caughtUp)
  }

  @Test("A registration is a new life: what was reported before counts for nothing")
  func newLife() {
    report("lead", NodeProgress(applied: 1))
    report("learn", NodeProgress(applied: 1))
    #expect(caughtUp)
    world.register("learn", 9)
    _ = world.pass(.milliseconds(250))
    #expect(!caughtUp)
  }

  @Test("A report tells of the first shards only, when there are more than it may have")
  func limit() {
    var progress = NodeProgress()
    for number in 0..<UInt32(NodeProgress.shardLimit) + 10 {
      progress.shards[ShardKey(database: 1, relation: 1, shard: ShardID(number))] = 1
    }
    #expect(progress.reportedShards.count == NodeProgress.shardLimit)
    #expect(progress.reportedShards.last?.shard.shard == ShardID(16_383))
  }
}
