import AionModel
import AionRaft
import Testing

@Suite("Quorums")
struct QuorumTests {
  /// Tries every index and counts: slow and obvious.
  private func counted(_ voters: [ReplicaID], _ matched: [ReplicaID: LogIndex]) -> LogIndex? {
    guard !voters.isEmpty else { return nil }
    let candidates = Set(voters.map { matched[$0] ?? .zero }).union([.zero])
    return candidates.filter { index in
      voters.count { (matched[$0] ?? .zero) >= index } * 2 > voters.count
    }.max()
  }

  private func counted(_ voters: [ReplicaID], _ votes: [ReplicaID: Bool]) -> VoteResult {
    guard !voters.isEmpty else { return .won }
    if voters.count(where: { votes[$0] == true }) * 2 > voters.count { return .won }
    // Lost when even all who have not answered would not help.
    return voters.count(where: { votes[$0] != false }) * 2 > voters.count ? .pending : .lost
  }

  private func both(_ left: LogIndex?, _ right: LogIndex?) -> LogIndex? {
    guard let left, let right else { return left ?? right }
    return min(left, right)
  }

  private func voters(_ chance: inout SplitMix64) -> [ReplicaID] {
    let count = Int.random(in: 0...7, using: &chance)
    return (1...9).map { ReplicaID(UInt64($0)) }.shuffled(using: &chance).prefix(count).sorted()
  }

  @Test("Checklist 35: the commit index is what a majority has, as counting by hand says")
  func commitsByCounting() {
    for seed in UInt64(1)...2_000 {
      var chance = SplitMix64(seed: seed)
      let (incoming, outgoing) = (voters(&chance), voters(&chance))
      var matched: [ReplicaID: LogIndex] = [:]
      for voter in 1...9 where Bool.random(using: &chance) {
        matched[ReplicaID(UInt64(voter))] = LogIndex(UInt64.random(in: 0...5, using: &chance))
      }
      let single = Majority(voters: incoming).committed { matched[$0] }
      #expect(single == counted(incoming, matched), "seed \(seed)")
      let joint = JointQuorum(
        incoming: Majority(voters: incoming), outgoing: Majority(voters: outgoing)
      ).committed { matched[$0] }
      let expected = both(counted(incoming, matched), counted(outgoing, matched))
      #expect(joint == expected, "seed \(seed)")
    }
  }

  @Test("Checklist 21: an election needs both majorities, as counting by hand says")
  func electsByCounting() {
    for seed in UInt64(1)...2_000 {
      var chance = SplitMix64(seed: seed)
      let (incoming, outgoing) = (voters(&chance), voters(&chance))
      var votes: [ReplicaID: Bool] = [:]
      for voter in 1...9 where Bool.random(using: &chance) {
        votes[ReplicaID(UInt64(voter))] = Bool.random(using: &chance)
      }
      let single = Majority(voters: incoming).result { votes[$0] }
      #expect(single == counted(incoming, votes), "seed \(seed)")
      let halves = [counted(incoming, votes), counted(outgoing, votes)]
      let expected: VoteResult =
        halves.contains(.lost) ? .lost : halves.contains(.pending) ? .pending : .won
      let joint = JointQuorum(
        incoming: Majority(voters: incoming), outgoing: Majority(voters: outgoing)
      ).result { votes[$0] }
      #expect(joint == expected, "seed \(seed)")
    }
  }

  @Test("Any two quorums of one configuration share a voter", arguments: 1...7)
  func quorumsOverlap(size: Int) {
    let voters = (1...UInt64(size)).map { ReplicaID($0) }
    let majority = Majority(voters: voters)
    let sets = (0..<(1 << size)).map { bits in
      voters.enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.element)
    }
    let quorums = sets.filter { set in
      majority.result { set.contains($0) ? true : false } == .won
    }
    for left in quorums {
      for right in quorums { #expect(!Set(left).isDisjoint(with: right)) }
    }
  }
}
