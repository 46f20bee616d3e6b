import AionModel
import AionRPC

/// The agents of many nodes, each over connections of its own.
struct AgentFleet {
  private struct Member {
    var plane: RemoteControlPlane
    var agent: NodeAgent
  }

  private let members: [Member]

  /// Agents that begin, or end, at a time.
  private static let atOnce = 32

  /// Registers so many nodes, and has each heard of from then on.
  ///
  /// They begin one after the other in the time between two heartbeats, so that these are as evenly
  /// spread as those of nodes that have run for long.
  static func start(
    _ count: Int, at addresses: [Address], timeToLive: Duration
  ) async throws -> AgentFleet {
    let start = ContinuousClock.now
    return AgentFleet(
      members: try await inTurns(0..<count) { number in
        try await Task.sleep(until: start + timeToLive / 3 * number / count)
        let turn = number % addresses.count
        let plane = RemoteControlPlane(
          RemoteConfiguration(
            addresses: Array(addresses[turn...] + addresses[..<turn]), name: "node-\(number)",
            seed: UInt64(number)))
        var configuration = NodeAgent.Configuration(
          node: try NodeID("node-\(number)"), rpcEndpoint: "127.0.0.1:1")
        configuration.timeToLive = timeToLive
        return Member(plane: plane, agent: try await NodeAgent.start(configuration, on: plane))
      })
  }

  /// - Throws: When a node could be marked down: then its agent was not heard of as it should be.
  func checkLive() throws {
    let doubtful = members.filter { !$0.agent.isLive }
    guard let first = doubtful.first else { return }
    let reason = first.agent.status.lastFailure?.message ?? "no reason is known"
    throw BenchmarkFailure("\(doubtful.count) nodes are not live for sure: \(reason)")
  }

  /// Says goodbye for all, so that nothing of them is left to do for the leader.
  func stop() async {
    _ = try? await Self.inTurns(members) { member in
      await member.agent.stop(.goodbye)
      await member.plane.close()
    }
  }

  /// Works on all, some at a time.
  private static func inTurns<Part: Sendable, Made: Sendable>(
    _ parts: some Collection<Part>, _ work: @escaping @Sendable (Part) async throws -> Made
  ) async throws -> [Made] {
    var rest = parts.makeIterator()
    return try await withThrowingTaskGroup(of: Made.self) { group in
      var made: [Made] = []
      func begin() {
        if let next = rest.next() { group.addTask { try await work(next) } }
      }
      for _ in 0..<atOnce { begin() }
      while let one = try await group.next() {
        made.append(one)
        begin()
      }
      return made
    }
  }
}
