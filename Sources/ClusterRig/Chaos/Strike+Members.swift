import AionModel
import AionRPC

/// Members that come and go.
extension Strike {
  /// Processes join, one after the other, until there are so many; everyone is well afterwards.
  ///
  /// - Returns: What was done.
  package func grow(to count: Int) async throws(RigFailure) -> String {
    let before = rig.numbers.count
    while rig.numbers.count < count {
      _ = try await join()
      try await recorder.wait(forWrites: 20)
    }
    try await settle()
    return "grew from \(before) to \(count)"
  }

  mutating func growAndShrink() async throws(RigFailure) -> String {
    let before = rig.numbers.count
    let joined = [try await join(), try await join()]
    try await recorder.wait(forWrites: 20)
    for _ in joined {
      let leaving = rig.running.randomElement(using: &chance) ?? joined[0]
      try await rig.remove(leaving)
      try rig.retire(leaving)
      try await wait(forVoters: rig.numbers.count)
    }
    return "grew from \(before) to \(before + 2), and back"
  }

  func replace(_ victim: Victim) async throws(RigFailure) -> String {
    try rig.kill(victim.number)
    try rig.wipe(victim.number)
    try await goOn(without: victim)
    let new = try await succeed(victim)
    return "replaced \(victim) by n\(new)"
  }

  func wipe(_ victim: Victim) async throws(RigFailure) -> String {
    try rig.kill(victim.number)
    try rig.wipe(victim.number)
    try await goOn(without: victim)
    try rig.start(victim.number)
    let status = try rig.exitStatus(of: victim.number)
    // A founder takes itself for who it was; one that joined asks anew, and its name is taken.
    let refusal = rig.isFounder(victim.number) ? 76 : 75
    try expect(
      status == Int32(refusal),
      "wiped n\(victim.number) ended with \(status.map(String.init) ?? "nothing"), not \(refusal)")
    let new = try await succeed(victim)
    return "wiped \(victim), which was refused, and replaced it by n\(new)"
  }

  func needSnapshot(_ victim: Victim) async throws(RigFailure) -> String {
    // A process that joins is sent entries as long as the leader has them.
    for number in rig.running { try await rig.compact(number) }
    let new = try await join()
    let installed = await rig.metric("aion_snapshots_installed_total", of: new)
    try expect(installed ?? 0 > 0, "n\(new) joined, and was sent no snapshot")
    try await rig.remove(victim.number)
    try rig.retire(victim.number)
    try await wait(forVoters: rig.numbers.count)
    return "sent n\(new) a snapshot, and removed \(victim)"
  }

  /// A new process in place of one that is dead.
  private func succeed(_ victim: Victim) async throws(RigFailure) -> Int {
    try await rig.remove(victim.number)
    try rig.retire(victim.number)
    return try await join()
  }

  private func join() async throws(RigFailure) -> Int {
    let number = try rig.grow()
    try await wait(forVoters: rig.numbers.count)
    return number
  }
}
