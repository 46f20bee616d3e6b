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
    let majority = Majority(voters: (1...UInt64(size)).map { ReplicaID($0) })
    let quorums = subsets(of: size).filter { has(majority, $0) }
    for left in quorums {
      for right in quorums { #expect(!left.isDisjoint(with: right)) }
    }
  }

  @Test(
    "Thesis §4.1: with one voter more, any quorum shares a voter with any of before",
    arguments: 1...6)
  func neighboursOverlap(size: Int) {
    let old = Majority(voters: (1...UInt64(size)).map { ReplicaID($0) })
    let new = Majority(voters: (1...UInt64(size + 1)).map { ReplicaID($0) })
    let sets = subsets(of: size + 1)
    let before = sets.filter { has(old, $0) }
    for quorum in sets where has(new, quorum) {
      #expect(before.allSatisfy { !quorum.isDisjoint(with: $0) })
    }
  }

  @Test("Raft §6: any joint quorum shares a voter with any of the old, and with any of the new")
  func jointOverlaps() {
    for (old, new) in [([1, 2, 3], [4, 5, 6]), ([1, 2, 3], [3, 4]), ([1], [2, 3, 4, 5])]
      as [([ReplicaID], [ReplicaID])]
    {
      let joint = JointQuorum(incoming: Majority(voters: new), outgoing: Majority(voters: old))
      let sets = subsets(of: 6)
      for quorum in sets
      where joint.result({ quorum.contains($0) ? true : false }) == .won {
        for one in [old, new] {
          let single = sets.filter { has(Majority(voters: one), $0) }
          #expect(single.allSatisfy { !quorum.isDisjoint(with: $0) })
        }
      }
    }
  }

  private func subsets(of size: Int) -> [Set<ReplicaID>] {
    (0..<(1 << size)).map { bits -> Set<ReplicaID> in
      var subset: Set<ReplicaID> = []
      for place in 0..<size where (bits >> place) & 1 == 1 {
        subset.insert(ReplicaID(UInt64(place) + 1))
      }
      return subset
    }
  }

  private func has(_ majority: Majority, _ voters: Set<ReplicaID>) -> Bool {
    majority.result { voters.contains($0) ? true : false } == .won
  }
}
