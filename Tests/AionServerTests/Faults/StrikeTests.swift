import ClusterRig
import Testing

@Suite("Each fault of chaos, once", .serialized, .timeLimit(.minutes(5)))
struct StrikeTests {
  @Test(
    "It comes to what it should, whether it hits the leader or a follower",
    arguments: FaultKind.allCases)
  func strike(kind: FaultKind) async throws {
    let seed: UInt64 = 20_261_126
    let (settings, hostility) = (Chaos.settings, kind.hostility)
    try await ClusterRig.run(founders: 3, settings: settings, hostility: hostility) { rig in
      try await Trial.check(on: rig, seed: seed) { recorder in
        var strike = Strike(at: rig, watching: recorder, seed: seed)
        for role in kind.rolesThatMatter { _ = try await strike.carryOut(kind, on: role) }
      }
    }
  }
}

extension FaultKind {
  /// Whom it is tried on here.
  fileprivate var rolesThatMatter: [Strike.Role] {
    switch self {
    case .rollingRestart, .growth, .link: [.leader]
    default: Strike.Role.allCases
    }
  }
}
