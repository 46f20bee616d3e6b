import AionServer

/// Networks that lose what is sent.
extension Strike {
  mutating func cutOff(_ victim: Victim, _ ways: LinkWays) async throws(RigFailure) -> String {
    let number = victim.number
    let before = try await office()
    try rig.isolate(number, ways)
    try await goOn(without: victim)
    if victim.role == .leader, rig.numbers.count > 1 {
      try await rig.wait("n\(number) does not lead any more") { $0[number]?.role != "leader" }
    }
    await linger()
    try rig.heal()
    try await settle()
    if victim.role == .follower { try await expectOffice(before, after: "cutting off \(victim)") }
    return switch ways {
    case .both: "cut off \(victim)"
    case .outgoing: "let nobody hear \(victim)"
    case .incoming: "let \(victim) hear nobody"
    }
  }

  mutating func breakLink(of victim: Victim) async throws(RigFailure) -> String {
    let others = rig.running.filter { $0 != victim.number }
    guard let other = others.randomElement(using: &chance) else { return "broke no link" }
    let rule = Bool.random(using: &chance) ? LinkRule.hold : .reset
    try rig.set(rule, from: .node(victim.number), to: .node(other))
    try rig.set(rule, from: .node(other), to: .node(victim.number))
    if rig.numbers.count > 2 { try await recorder.wait(forWrites: 20) }
    await linger()
    try rig.heal()
    return "broke the link between \(victim) and n\(other) by \(rule)"
  }

  /// Who leads, and since when.
  struct Office: Equatable {
    var leader: Int
    var term: UInt64
  }

  func office() async throws(RigFailure) -> Office {
    let leader = try await rig.leader()
    return Office(leader: leader, term: await rig.status(of: leader)?.term ?? 0)
  }

  func expectOffice(_ before: Office, after what: String) async throws(RigFailure) {
    let now = try await office()
    try expect(
      now == before,
      "n\(before.leader) led in term \(before.term); after \(what), n\(now.leader) in \(now.term)")
  }
}
