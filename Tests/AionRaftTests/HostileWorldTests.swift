import AionModel
import AionRaft
import Testing

@Suite("In a hostile world")
struct HostileWorldTests {
  /// Raft figure 3: election safety, log matching, leader completeness, state machine safety.
  @Test(
    "Raft figure 3: nothing that was applied is lost or differs, under loss, crashes and changes",
    arguments: [(3, 0), (3, 2), (5, 1)])
  func safety(voters: Int, spares: Int) throws {
    for seed in UInt64(1)...60 {
      var world = try world(voters, spares, seed)
      try world.run(steps: 1_500)
      #expect(world.broken == nil, "seed \(seed), \(voters) voters, \(spares) spares")
    }
  }

  @Test("Raft §5.4: after healing, every group elects a leader and applies the same log")
  func liveness() throws {
    // Without PreVote and CheckQuorum (odd seeds) a removed replica may disturb the rest for ever.
    for seed in stride(from: UInt64(2), through: 120, by: 2) {
      var world = try world(3, 0, seed)
      try world.run(steps: 800)
      try world.heal(rounds: 80)
      #expect(world.broken == nil, "seed \(seed)")
      let leading = world.machines.filter { $0.core.roleName == .leader }
      #expect(leading.count == 1, "seed \(seed)")
      let members = leading.first?.core.membership.members ?? []
      let applied = Set(
        world.machines.filter { members.contains($0.core.id) }.map(\.applied))
      #expect(applied.count == 1, "seed \(seed): \(applied.sorted())")
    }
  }

  private func world(_ voters: Int, _ spares: Int, _ seed: UInt64) throws -> HostileWorld {
    var options: RaftOptions = seed % 2 == 0 ? .careful : .plain
    options.electionTicks = 4
    options.electionJitterTicks = 4
    options.maximumMessageSize = 64
    options.maximumInflightMessages = 3
    options.maximumApplyingSize = 128
    options.maximumUncommittedSize = 256
    return try HostileWorld(voters: voters, spares: spares, options: options, seed: seed)
  }
}
