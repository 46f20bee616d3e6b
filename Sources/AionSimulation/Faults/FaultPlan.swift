import AionModel

/// Which faults a world meets, and how hard.
///
/// Swarm testing: of every fault it is drawn for each seed whether it occurs at all, for some bugs
/// show only where another fault is absent.
public struct FaultPlan: Hashable, Sendable {
  private var intensities: [Intensity]

  /// Nothing goes wrong.
  public init() {
    intensities = Array(repeating: .off, count: FaultKind.allCases.count)
  }

  /// Drawn from a seed, each fault from a stream of its own.
  public init(seed: UInt64) {
    intensities = FaultKind.allCases.map { kind in
      var chance = SplitMix64(seed: seed, concern: kind.concern)
      return [.off, .off, .rare, .rare, .frequent, .heavy][chance.below(6)]
    }
  }

  public subscript(kind: FaultKind) -> Intensity {
    get { intensities[Int(kind.concern) - 100] }
    set { intensities[Int(kind.concern) - 100] = newValue }
  }

  /// The faults that occur.
  public var occurring: [FaultKind] { FaultKind.allCases.filter { self[$0] > .off } }

  /// How long it is on average between two strikes; nil for what does not strike.
  func meanPause(of kind: FaultKind) -> Span? {
    guard let rare = kind.meanPause, self[kind] > .off else { return nil }
    return Span(microseconds: rare.microseconds / self[kind].choose((1, 1, 3, 8)))
  }

  var network: NetworkOdds {
    var odds = NetworkOdds()
    odds.loss = self[.loss].choose((.never, .percent(1), .percent(5), .percent(20)))
    odds.duplication = self[.duplication].choose((.never, .percent(1), .percent(5), .percent(20)))
    odds.reordering = self[.reordering].choose((.never, .percent(1), .percent(10), .percent(40)))
    odds.delay = self[.delay].choose((.never, .percent(1), .percent(3), .percent(10)))
    odds.longestDelay = self[.delay].choose(
      (.milliseconds(5), .milliseconds(200), .seconds(1), .seconds(4)))
    return odds
  }

  /// How far a clock may go wrong, in thousandths.
  var drift: Int { self[.clockDrift].choose((0, 10, 100, 400)) }

  var lostAnswers: Odds {
    self[.lostAnswer].choose((.never, .percent(2), .percent(10), .percent(30)))
  }

  /// What a crash leaves of unsynced writes.
  var survivals: [Survival] {
    self[.tornWrite] > .off ? Survival.allCases : [.synced, .everything]
  }
}
