import AionModel
import AionPlacement

extension StatusPage {
  /// A node that has an agent.
  package struct Agent: Codable, Equatable {
    package var node: String
    package var isLive: Bool
    package var timeToLiveMilliseconds: UInt32
    package var registered: UInt64
    /// On the leader only: what is left of its time, and how far it said that it is.
    package var leftMilliseconds: Int64?
    package var applied: UInt64?

    static func all(of nodes: [NodeDescriptor], _ table: LivenessTable?) -> [Agent] {
      let now = ContinuousClock.now
      let agents = nodes.lazy.compactMap { node in
        node.registration.map { registration in
          Agent(
            node: node.id.name, isLive: node.isLive,
            timeToLiveMilliseconds: registration.timeToLive.milliseconds,
            registered: registration.epoch.rawValue,
            leftMilliseconds: table?.timeLeft(of: node.id, at: now)?.inMilliseconds,
            applied: table?.applied(of: node.id)?.rawValue)
        }
      }
      return Array(agents.prefix(MetricsPage.sampleLimit))
    }
  }
}

extension Duration {
  fileprivate var inMilliseconds: Int64 {
    components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
  }
}
