import AionModel
import AionRaft
import Testing

@Suite("A connection to the leader that broke")
struct LostLeaderTests {
  /// Leader 1, which has been heard of just now.
  private func led(_ change: (inout RaftOptions) -> Void = { _ in }) throws -> TestGroup {
    var options = RaftOptions.careful
    change(&options)
    var group = try TestGroup(voters: 3, options: options)
    try group.elect(1)
    return group
  }

  @Test("Followers of a leader that is gone elect another long before the timeout")
  func electsSooner() throws {
    var group = try led()
    group.isolated = [1]
    try group.step(2, .lost(1))
    try group.step(3, .lost(1))
    #expect(group[2].core.leader == nil)
    var ticks = 0
    while !group.replicas.dropFirst().contains(where: { $0.core.roleName == .leader }), ticks < 100
    {
      try group.tick(2)
      group.settle()
      try group.tick(3)
      group.settle()
      ticks += 1
    }
    #expect((1...3).contains(ticks), "a third of the timeout of 10 at most")
    #expect(group.replicas.dropFirst().map { $0.core.term } == [2, 2])
  }

  @Test("While the leader lives, the others do not answer, and the follower finds back to it")
  func leaderLives() throws {
    var group = try led()
    try group.step(2, .lost(1))
    try group.tick(2, 3)
    #expect(group[2].core.roleName == .preCandidate)
    group.settle()
    #expect(group[2].core.roleName == .preCandidate, "nobody has answered")
    #expect(group.replicas.map { $0.core.term } == [1, 1, 1])
    try group.tick(1)
    group.settle()
    #expect(group[2].core.leader == 1)
    #expect(group[1].core.roleName == .leader)
    try group.tick(2, 9)
    #expect(group[2].core.roleName == .follower, "it has its whole timeout again")
    try group.tick(2)
    #expect(group[2].core.roleName == .preCandidate)
  }

  @Test("A follower that hears of the leader before it stands has its whole timeout again")
  func hearsInTime() throws {
    var group = try led()
    try group.step(2, .lost(1))
    try group.tick(1)
    group.settle()
    #expect(group[2].core.leader == 1)
    try group.tick(2, 9)
    #expect(group[2].core.roleName == .follower)
  }

  @Test("Other connections, and other roles, mean nothing")
  func otherConnections() throws {
    var group = try led()
    try group.step(2, .lost(3))
    #expect(group[2].core.leader == 1)
    try group.step(1, .lost(2))
    #expect(group[1].core.roleName == .leader)
    #expect(try group.member(2, by: 1).phase == .probing)
    try group.tick(2, 9)
    #expect(group[2].core.roleName == .follower)
  }

  @Test("Without both safeguards, and where a lease answers reads, it is waited for as ever")
  func onlyWithSafeguards() throws {
    let changes: [(inout RaftOptions) -> Void] = [
      { $0.preVote = false }, { $0.checkQuorum = false }, { $0.readMode = .lease },
    ]
    for change in changes {
      var group = try led(change)
      try group.step(2, .lost(1))
      #expect(group[2].core.leader == 1)
      try group.tick(2, 9)
      #expect(group[2].core.roleName == .follower)
    }
  }
}
