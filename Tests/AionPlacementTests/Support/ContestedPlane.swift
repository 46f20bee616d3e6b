import AionCatalog
import AionModel
import Synchronization

/// A control plane on which somebody else gets in between: a rival does a pass of its own just
/// before some of the writes. It remembers every topology that each shard ever had.
final class ContestedPlane: ControlPlane, CommandProposer {
  let base: InMemoryControlPlane
  private let record: TopologyRecord
  private let chance: Mutex<SplitMix64>
  private let rival: (@Sendable () async throws -> Void)?

  init(
    _ base: InMemoryControlPlane, _ record: TopologyRecord, seed: UInt64 = 0,
    rival: (@Sendable () async throws -> Void)? = nil
  ) {
    self.base = base
    self.record = record
    self.rival = rival
    chance = Mutex(SplitMix64(seed: seed))
  }

  var now: WallTime { base.now }

  func propose(_ batch: CommandBatch) async throws(ClusterError) -> Applied {
    if let rival, chance.withLock({ $0.draws(1, in: 2) }) {
      do { try await rival() } catch { throw error as? ClusterError ?? .closed }
    }
    let applied = try base.propose(batch)
    record.note(base.snapshot())
    return applied
  }

  func read<Answer: Sendable>(
    _ body: (ClusterSnapshot) throws(ClusterError) -> Answer
  ) async throws(ClusterError) -> Answer {
    try base.read(body)
  }

  func snapshot() async throws(ClusterError) -> ClusterSnapshot { base.snapshot() }
}

/// The topologies that shards had, one after the other; who leads aside.
final class TopologyRecord: Sendable {
  private let topologies = Mutex<[ShardKey: [[String]]]>([:])

  func note(_ snapshot: ClusterSnapshot) {
    topologies.withLock { topologies in
      for shard in snapshot.shards() {
        let topology = shard.placements.map { placement in
          "\(placement.node) \(placement.role.isVoting ? "votes" : "learns")"
        }
        if topologies[shard.key]?.last != topology {
          topologies[shard.key, default: []].append(topology)
        }
      }
    }
  }

  /// Shards that came to stand again as they had stood before.
  var undone: [String] {
    topologies.withLock { $0 }.filter { Set($0.value).count < $0.value.count }
      .map { "\($0.key): \($0.value)" }.sorted()
  }

  var changes: Int { topologies.withLock { $0.values.reduce(0) { $0 + $1.count - 1 } } }
}
