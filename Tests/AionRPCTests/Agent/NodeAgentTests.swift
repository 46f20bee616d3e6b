import AionModel
import AionRPC
import Synchronization
import Testing

@Suite("A node's agent over loopback", .timeLimit(.minutes(2)))
struct NodeAgentTests {
  /// - Parameter timeToLive: Short, where what comes by itself is waited for.
  private func configuration(
    _ timeToLive: Duration = .milliseconds(300),
    progress: @escaping @Sendable () async -> NodeProgress = { NodeProgress() }
  ) -> NodeAgent.Configuration {
    var configuration = NodeAgent.Configuration(
      node: "a", rpcEndpoint: "a:1", progress: progress)
    configuration.timeToLive = timeToLive
    return configuration
  }

  @Test("It registers once, is heard of under that registration from then on, and reports")
  func reports() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    let applied = Mutex(UInt64(0))
    let agent = try await NodeAgent.start(
      configuration(.seconds(60)) {
        let position = applied.withLock { value in
          value += 1
          return value
        }
        return NodeProgress(applied: ApplyPosition(position))
      }, on: RemoteControlPlane(to: endpoint))
    #expect(agent.isLive)
    try await agent.report()
    let status = try await agent.report()
    let heard = shared.heartbeats
    #expect(heard.map(\.registration) == [nil, 7, 7])
    #expect(heard.map(\.progress.applied) == [1, 2, 3])
    #expect(Set(heard.map(\.agent)).count == 1)
    #expect(status.standing == .live(for: .seconds(60)))
    #expect(status.validFor > .zero && status.validFor <= .milliseconds(59_400))
    #expect(status.registration == 7 && status.isDraining)
    #expect(status.catalogVersion == 3 && status.placementEpoch == 9)
    #expect(status.heartbeats == 3 && status.failures == 0 && status.lastFailure == nil)
    await agent.stop(.silence)
    await endpoint.close()
  }

  @Test("An answer that takes its time is worth less: it counts from when the heartbeat went")
  func slowAnswer() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    let agent = try await NodeAgent.start(
      configuration(.seconds(60)), on: RemoteControlPlane(to: endpoint))
    shared.holdAnswers(true)
    let sent = ContinuousClock.now
    async let status = agent.report()
    await shared.untilHeard(2)
    let delay = Duration.milliseconds(50)
    while .now < sent + delay { await Task.yield() }
    shared.holdAnswers(false)
    #expect(try await status.validFor <= .milliseconds(59_400) - delay)
    await agent.stop(.silence)
    await endpoint.close()
  }

  @Test("It finds the leader by way of others, and the next one when the leader is gone")
  func redirects() async throws {
    let shared = SharedPlane()
    let endpoints = try await [shared.serve(1), shared.serve(2)]
    shared.lead(2)
    let agent = try await NodeAgent.start(
      configuration(), on: RemoteControlPlane(to: endpoints[0]))
    await endpoints[1].close()
    let before = shared.heartbeats.count
    shared.lead(1)
    await shared.untilHeard(before + 2)
    #expect(agent.isLive)
    await agent.stop(.silence)
    await endpoints[0].close()
  }

  @Test("Held down it goes on; removed or superseded it ends by itself and says why")
  func ends() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    let agent = try await NodeAgent.start(
      configuration(), on: RemoteControlPlane(to: endpoint))
    shared.tellAgents(.heldDown)
    #expect(try await agent.report().standing == .heldDown)
    #expect(!agent.isLive)
    shared.tellAgents(.live(for: .seconds(60)))
    while !agent.isLive { await Task.yield() }
    shared.tellAgents(.superseded(rpcEndpoint: "b:1"))
    #expect(await agent.untilEnded() == .superseded(rpcEndpoint: "b:1"))
    #expect(!agent.isLive)
    #expect("\(agent.status.standing)".contains("b:1"))
    await endpoint.close()
  }

  @Test("Its goodbye is the last that is heard of it; from then on it is not live")
  func goodbye() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    let agent = try await NodeAgent.start(
      configuration(.seconds(60)), on: RemoteControlPlane(to: endpoint))
    #expect(await agent.stop(.goodbye))
    #expect(!agent.isLive)
    #expect(shared.heartbeats.last?.isGoodbye == true)
    #expect(shared.heartbeats.count { $0.isGoodbye } == 1)
    #expect(await agent.untilEnded() == nil)
    await endpoint.close()
  }

  @Test("While nobody answers its time runs out, though it goes on; a goodbye is then none")
  func unanswered() async throws {
    let shared = SharedPlane()
    shared.tellAgents(.live(for: .milliseconds(300)))
    let endpoint = try await shared.serve(1)
    let agent = try await NodeAgent.start(
      configuration(), on: RemoteControlPlane(to: endpoint))
    shared.lead(nil)
    while agent.isLive || agent.status.failures == 0 { await Task.yield() }
    #expect(agent.status.lastFailure != nil)
    shared.lead(1)
    while !agent.isLive { await Task.yield() }
    shared.lead(nil)
    #expect(await !agent.stop(.goodbye))
    await endpoint.close()
  }

  @Test("An agent that nobody holds any more is heard of no more")
  func forgotten() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    weak var kept: Engine?
    do {
      let engine = Engine()
      kept = engine
      let agent = try await NodeAgent.start(
        configuration { engine.progress }, on: RemoteControlPlane(to: endpoint))
      await shared.untilHeard(2)
      withExtendedLifetime(agent) {}
    }
    // Its heartbeats would hold the engine that they report of.
    while kept != nil { await Task.yield() }
    await endpoint.close()
  }

  @Test("It does not start where nobody answers, nor with a time that cannot be")
  func refused() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    let plane = RemoteControlPlane(to: endpoint) { $0.timeout = .milliseconds(100) }
    shared.lead(nil)
    await #expect(throws: ClusterError.self) {
      try await NodeAgent.start(configuration(), on: plane)
    }
    let refused = await #expect(throws: ClusterError.self) {
      try await NodeAgent.start(configuration(.zero), on: plane)
    }
    #expect(refused?.sqlState == "22023")
    #expect(refused?.message.contains("0.0 seconds") == true, "\(String(describing: refused))")
    await endpoint.close()
  }
}

private final class Engine: Sendable {
  let progress = NodeProgress()
}
