import AionModel
import AionServer

/// Does one fault after the other to a group, and sees to it that what should come of each does.
///
/// Each ends with the fault lifted and everyone well, or throws what did not happen.
package struct Strike {
  /// Whom a fault hits.
  package enum Role: String, CaseIterable, Sendable {
    case leader, follower
  }

  struct Victim: CustomStringConvertible {
    var number: Int
    var role: Role

    var description: String { "\(role.rawValue) n\(number)" }
  }

  let rig: ClusterRig
  let recorder: Recorder
  var chance: SplitMix64

  package init(at rig: ClusterRig, watching recorder: Recorder, seed: UInt64) {
    self.rig = rig
    self.recorder = recorder
    chance = SplitMix64(seed: seed)
  }

  /// - Parameter role: Whom it is to hit, where that makes a difference; nil: one or the other.
  /// - Returns: What was done, and to whom.
  package mutating func carryOut(
    _ kind: FaultKind, on role: Role? = nil
  ) async throws(RigFailure) -> String {
    let victim = try await victim(role)
    let done = try await carryOut(kind, on: victim)
    try await settle()
    return done
  }

  private mutating func carryOut(
    _ kind: FaultKind, on victim: Victim
  ) async throws(RigFailure) -> String {
    switch kind {
    case .kill: try await kill(victim)
    case .stop: try await stop(victim)
    case .hang: try await hang(victim)
    case .rollingRestart: try await restartAll()
    case .growth: try await growAndShrink()
    case .replace: try await replace(victim)
    case .wipe: try await wipe(victim)
    case .snapshot: try await needSnapshot(victim)
    case .partition: try await cutOff(victim, .both)
    case .oneWay: try await cutOff(victim, Bool.random(using: &chance) ? .outgoing : .incoming)
    case .link: try await breakLink(of: victim)
    case .fullDisk: try await fillDisk(of: victim)
    case .stalledDisk: try await stallDisk(of: victim)
    case .failingSync: try await failSyncs(of: victim)
    case .clock: try await shiftClock(of: victim)
    }
  }

  private mutating func victim(_ wanted: Role?) async throws(RigFailure) -> Victim {
    let leader = try await rig.leader()
    let role = wanted ?? (Bool.random(using: &chance) ? .leader : .follower)
    let follower = rig.running.filter { $0 != leader }.randomElement(using: &chance)
    guard role == .follower, let follower else { return Victim(number: leader, role: .leader) }
    return Victim(number: follower, role: .follower)
  }

  // MARK: What has to come of it

  /// Writes go on without the victim: if it led, another one leads.
  func goOn(without victim: Victim) async throws(RigFailure) {
    if victim.role == .leader, rig.numbers.count > 2 {
      _ = try await rig.leader(otherThan: victim.number)
    }
    // A group of two does not go on without one.
    if rig.numbers.count > 2 { try await recorder.wait(forWrites: 20) }
  }

  /// Everyone who runs is well, and follows one leader.
  func settle() async throws(RigFailure) {
    let count = rig.numbers.count
    try await rig.wait("all \(count) are ready and follow one leader") { pages in
      pages.count == count && pages.values.allSatisfy(\.isReady)
        && Set(pages.values.map(\.leader)).count == 1
    }
    try await recorder.wait(forWrites: 20)
  }

  func wait(forVoters count: Int) async throws(RigFailure) {
    try await rig.wait("\(count) voters") { pages in
      pages.values.count { page in page.isReady && page.members.count { $0.isVoter } == count }
        >= count
    }
  }

  /// The fault lasts a while.
  mutating func linger() async {
    let milliseconds = Int.random(in: 200...1_200, using: &chance)
    try? await Task.sleep(for: .milliseconds(milliseconds))
  }

  func expect(_ isSo: Bool, _ complaint: @autoclosure () -> String) throws(RigFailure) {
    if !isSo { throw .unexpected(complaint()) }
  }
}
