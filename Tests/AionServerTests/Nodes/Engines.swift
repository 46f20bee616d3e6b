import AionModel
import AionRPC
import ClusterRig
import Synchronization

/// How far the engines of some nodes are, as their agents report it.
final class Engines: Sendable {
  private let positions = Mutex<[NodeID: ApplyPosition]>([:])

  func reach(_ position: ApplyPosition, on node: NodeID) {
    positions.withLock { $0[node] = position }
  }

  func progress(of node: NodeID) -> NodeProgress {
    NodeProgress(applied: positions.withLock { $0[node] })
  }
}

extension ClusterRig {
  /// A client of all processes.
  func client() -> RemoteControlPlane {
    var configuration = RemoteConfiguration(addresses: addresses, name: "test", seed: 1)
    configuration.timeout = .seconds(60)
    return RemoteControlPlane(configuration)
  }

  /// A sample without labels of a process's metrics.
  func metric(_ name: String, of number: Int) async -> Double? {
    let text = await page("/metrics", of: number)?.text ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
    return line.flatMap { Double($0.dropFirst(name.count + 1)) }
  }
}

extension RemoteControlPlane {
  func agent(
    _ node: NodeID, _ timeToLive: Duration, at endpoint: String? = nil, progress: Engines? = nil
  ) async throws(ClusterError) -> NodeAgent {
    var configuration = NodeAgent.Configuration(
      node: node, rpcEndpoint: endpoint ?? "\(node):1"
    ) { progress?.progress(of: node) ?? NodeProgress() }
    configuration.timeToLive = timeToLive
    return try await NodeAgent.start(configuration, on: self)
  }

  /// Waits until a node is as it should be; looks whenever something was changed.
  func until(
    _ node: NodeID, isMet: (NodeDescriptor?) -> Bool
  ) async throws -> NodeDescriptor? {
    try await untilState { isMet($0.node(node)) }.node(node)
  }

  /// Waits until a shard is as it should be.
  func until(
    _ shard: ShardKey, isMet: (ShardDescriptor?) -> Bool
  ) async throws -> ShardDescriptor? {
    try await untilState { isMet($0.shard(shard)) }.shard(shard)
  }

  private func untilState(
    _ isMet: (ClusterSnapshot) -> Bool
  ) async throws -> ClusterSnapshot {
    while true {
      try Task.checkCancellation()
      let state = try await snapshot()
      if isMet(state) { return state }
      // Ends with the first change, or with the replica that tells of it.
      try? await follow(from: state.applied.next) { $0.changes.isEmpty }
    }
  }
}
