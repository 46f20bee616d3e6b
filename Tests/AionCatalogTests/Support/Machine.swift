import AionCatalog
import AionModel
import Testing

/// A state machine with the next index at hand.
struct Machine {
  var state = ClusterState()

  var snapshot: ClusterSnapshot { state.snapshot }

  @discardableResult
  mutating func apply(_ commands: Command...) throws(ClusterError) -> Applied {
    try apply(CommandBatch(commands))
  }

  @discardableResult
  mutating func apply(_ batch: CommandBatch) throws(ClusterError) -> Applied {
    try state.apply(batch, at: snapshot.applied.next).get()
  }

  /// Applies a batch that must be refused, and checks that this changes nothing.
  mutating func refusal(
    of commands: Command..., sourceLocation: SourceLocation = #_sourceLocation
  ) -> ClusterError? {
    refusal(of: CommandBatch(commands), sourceLocation: sourceLocation)
  }

  mutating func refusal(
    of batch: CommandBatch, sourceLocation: SourceLocation = #_sourceLocation
  ) -> ClusterError? {
    let before = snapshot
    let result = state.apply(batch, at: before.applied.next)
    #expect(snapshot.encoded() == before.encoded(), sourceLocation: sourceLocation)
    #expect(snapshot.digest == before.digest, sourceLocation: sourceLocation)
    #expect(snapshot.applied == before.applied.next, sourceLocation: sourceLocation)
    switch result {
    case .success(let applied):
      Issue.record("not refused: \(applied)", sourceLocation: sourceLocation)
      return nil
    case .failure(let error): return error
    }
  }

  /// What applying the commands moved.
  mutating func bumps(
    of commands: Command..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Bumps {
    let before = snapshot
    let applied = try apply(CommandBatch(commands))
    let isSame = snapshot.encoded() == before.encoded()
    #expect(applied.hasChanges == !isSame, sourceLocation: sourceLocation)
    #expect((snapshot.digest == before.digest) == isSame, sourceLocation: sourceLocation)
    var bumps: Bumps = []
    if snapshot.catalogVersion != before.catalogVersion {
      #expect(snapshot.catalogVersion.index == snapshot.applied, sourceLocation: sourceLocation)
      bumps.insert(.catalog)
    }
    if snapshot.placementEpoch != before.placementEpoch {
      #expect(snapshot.placementEpoch.index == snapshot.applied, sourceLocation: sourceLocation)
      bumps.insert(.placement)
    }
    if !isSame { bumps.insert(.state) }
    return bumps
  }
}

struct Bumps: OptionSet, Hashable {
  let rawValue: Int

  static let catalog = Bumps(rawValue: 1)
  static let placement = Bumps(rawValue: 2)
  /// The state is another one, as its bytes and its digest say.
  static let state = Bumps(rawValue: 4)
  static let nothing: Bumps = []
}

extension ShardPlacement {
  /// `"a"` leads shard 0, and so on.
  static func leader(_ node: NodeID, of shard: ShardID = 0) -> ShardPlacement {
    ShardPlacement(shard: shard, node: node, role: .leader)
  }

  static func follower(_ node: NodeID, of shard: ShardID = 0) -> ShardPlacement {
    ShardPlacement(shard: shard, node: node, role: .follower)
  }

  static func learner(_ node: NodeID, of shard: ShardID = 0) -> ShardPlacement {
    ShardPlacement(shard: shard, node: node, role: .learner)
  }
}

extension Command {
  static func createDatabase(_ name: String, owner: String = "app") -> Command {
    .createDatabase(CreateDatabaseRequest(name: name, owner: owner), createdAt: .epoch)
  }

  static func upsertNode(_ id: NodeID, live: Bool = true) -> Command {
    .upsertNode(NodeDescriptor(id: id, rpcEndpoint: "\(id):7000", isLive: live))
  }

  static func upsertShard(_ key: ShardKey, _ placements: ShardPlacement...) -> Command {
    .upsertShard(ShardDescriptor(key: key, placements: placements))
  }
}

extension TimeToLive {
  static func seconds(_ count: UInt32) -> TimeToLive { .milliseconds(count * 1_000) }

  static func milliseconds(_ count: UInt32) -> TimeToLive {
    guard let time = TimeToLive(milliseconds: count) else { preconditionFailure("no time") }
    return time
  }
}
