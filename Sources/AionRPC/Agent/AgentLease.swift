package import AionModel

/// What an agent may believe of its node's standing, from the answers that it has.
///
/// It never believes longer than the leader keeps its word: time counts from when the heartbeat was
/// sent, which is before it came, and is cut by what the two clocks may differ in their pace.
package struct AgentLease: Sendable {
  package typealias Instant = ContinuousClock.Instant

  /// Of each hundred seconds one is given away: no two clocks drift apart as fast as that.
  package static let driftDivisor = 100

  /// As the leader said last; nil before the first answer.
  package private(set) var standing: NodeStanding?
  package private(set) var registration: PlacementEpoch?
  package private(set) var isDraining = false
  package private(set) var catalogVersion = CatalogVersion.zero
  package private(set) var placementEpoch = PlacementEpoch.zero
  /// When the heartbeat was sent that was answered last.
  package private(set) var answered: Instant?
  private var end: Instant?

  package init() {}

  /// - Parameter sent: Before the heartbeat went. An answer to an earlier one than was answered
  ///   already says nothing.
  package mutating func take(_ answer: HeartbeatAnswer, sent: Instant) {
    if let answered, sent < answered { return }
    answered = sent
    standing = answer.standing
    registration = answer.registration ?? registration
    isDraining = answer.isDraining
    catalogVersion = max(catalogVersion, answer.catalogVersion)
    placementEpoch = max(placementEpoch, answer.placementEpoch)
    guard case .live(let time) = answer.standing else {
      end = nil
      return
    }
    end = sent + time - time / Self.driftDivisor
  }

  /// Believes nothing any more: the node is about to say goodbye.
  package mutating func relinquish() { end = nil }

  /// How long the node is live for sure; zero when it may be down already.
  package func validFor(at now: Instant) -> Duration {
    end.map { max(.zero, $0 - now) } ?? .zero
  }
}
