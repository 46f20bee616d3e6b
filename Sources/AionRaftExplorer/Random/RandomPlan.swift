import AionModel
package import AionRaft

/// Everything about a random run that is decided before it begins, by its seed alone.
package struct RandomPlan: Sendable {
  package let seed: UInt64
  /// Voters at the start; two more replicas stand by to be added.
  package let voters: Int
  package let steps: Int
  package let options: RaftOptions
  let odds: Odds
  var chance: SplitMix64

  /// Chances in ten thousand.
  struct Odds: Sendable {
    var loss: Int
    var duplication: Int
    /// To leave an output for later, with whatever else comes until then.
    var delay: Int
    var crash: Int
    var partition: Int
    var change: Int
  }

  static let spares = 2

  package init(seed: UInt64, voters: Int? = nil, steps: Int = 2000) {
    var chance = SplitMix64(seed: seed)
    self.seed = seed
    self.steps = steps
    self.voters = voters ?? [3, 5, 7][Int(chance.below(3))]
    var options = RaftOptions()
    options.electionTicks = 5
    options.electionJitterTicks = 5
    options.preVote = chance.below(2) == 0
    options.checkQuorum = chance.below(2) == 0
    options.forwardsProposals = chance.below(4) > 0
    options.removedLeader = [.stays, .stepsDown, .handsOver, .handsOver][chance.below(4)]
    options.maximumInflightMessages = [1, 2, 4, 256][chance.below(4)]
    options.maximumMessageSize = [ByteCount(0), ByteCount(64), .mebibytes(1)][chance.below(3)]
    options.maximumApplyingSize = [ByteCount(1), ByteCount(64), .mebibytes(1)][chance.below(3)]
    options.maximumUncommittedSize = [ByteCount(100), .mebibytes(1)][chance.below(2)]
    self.options = options
    odds = Odds(
      loss: [0, 200, 1500][chance.below(3)], duplication: [0, 300, 1000][chance.below(3)],
      delay: [0, 1500, 5000][chance.below(3)], crash: [10, 40, 150][chance.below(3)],
      partition: [5, 20, 60][chance.below(3)], change: [10, 40, 120][chance.below(3)])
    self.chance = chance
  }

  var replicas: Int { voters + RandomPlan.spares }
}

extension SplitMix64 {
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// With a chance given in ten thousand.
  mutating func happens(_ odds: Int) -> Bool { below(10_000) < odds }
}
