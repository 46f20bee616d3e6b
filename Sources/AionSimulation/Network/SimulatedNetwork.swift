package import AionModel

/// From whom to whom.
package struct Route: Hashable {
  var from: ReplicaID
  var to: ReplicaID

  package init(_ from: ReplicaID, _ to: ReplicaID) {
    self.from = from
    self.to = to
  }
}

/// How often messages meet with what.
package struct NetworkOdds {
  package var loss = Odds.never
  package var duplication = Odds.never
  /// To overtake and be overtaken; all others arrive in the order in which they were sent.
  package var reordering = Odds.never
  package var delay = Odds.never
  /// How long a delayed message takes at most.
  var longestDelay = Span.seconds(1)
  var latency = Span.milliseconds(1)

  package init() {}
}

/// Decides when what is sent arrives: at once, late, twice, or never.
package struct SimulatedNetwork {
  var odds: NetworkOdds
  /// What is cut off, by the fault that cut it.
  private var cuts: [FaultKind: Set<Route>] = [:]
  /// Nothing arrives before these moments; it all piles up until then.
  private var clogs: [Route: Moment] = [:]
  private var latest: [Route: Moment] = [:]
  private var latencies: SplitMix64
  private var losses: SplitMix64
  private var duplications: SplitMix64
  private var delays: SplitMix64
  private var reorderings: SplitMix64
  private(set) var tally = Tally()

  struct Tally {
    var sent = 0
    var lost = 0
    var cut = 0
    var duplicated = 0
    var delayed = 0
    var reordered = 0
  }

  package init(_ odds: NetworkOdds, seed: UInt64) {
    self.odds = odds
    latencies = SplitMix64(seed: seed, concern: 1)
    losses = SplitMix64(seed: seed, concern: 2)
    duplications = SplitMix64(seed: seed, concern: 3)
    delays = SplitMix64(seed: seed, concern: 4)
    reorderings = SplitMix64(seed: seed, concern: 5)
  }

  package mutating func cut(_ routes: Set<Route>, by fault: FaultKind) { cuts[fault] = routes }

  package mutating func mend(_ fault: FaultKind) { cuts[fault] = nil }

  package mutating func clog(_ route: Route, until moment: Moment) { clogs[route] = moment }

  mutating func heal() {
    cuts = [:]
    clogs = [:]
    odds.loss = .never
    odds.duplication = .never
    odds.reordering = .never
    odds.delay = .never
  }

  func isCut(_ route: Route) -> Bool {
    FaultKind.cutting.contains { cuts[$0]?.contains(route) ?? false }
  }

  /// The moments at which a message arrives.
  package mutating func arrivals(of route: Route, sentAt now: Moment) -> [Moment] {
    tally.sent += 1
    let arrival = arrival(of: route, sentAt: now)
    let isLost = losses.happens(odds.loss)
    let isDoubled = duplications.happens(odds.duplication)
    if isCut(route) {
      tally.cut += 1
      return []
    }
    if isLost {
      tally.lost += 1
      return []
    }
    guard isDoubled else { return [arrival] }
    tally.duplicated += 1
    return [arrival, arrival + duplications.span(around: odds.longestDelay)]
  }

  private mutating func arrival(of route: Route, sentAt now: Moment) -> Moment {
    let latency = Span(
      microseconds: odds.latency.microseconds / 2
        + latencies.below(odds.latency.microseconds + 1))
    var arrival = now + latency
    if delays.happens(odds.delay) {
      tally.delayed += 1
      arrival += Span(microseconds: delays.below(odds.longestDelay.microseconds + 1))
    }
    if let clogged = clogs[route], clogged > arrival { arrival = clogged }
    if reorderings.happens(odds.reordering) {
      tally.reordered += 1
      return arrival + reorderings.span(around: odds.latency * 4)
    }
    arrival = max(arrival, latest[route] ?? .start)
    latest[route] = arrival
    return arrival
  }
}
