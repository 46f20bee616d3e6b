import AionModel
import AionRaft

/// Keeps faults within what the group promises to survive: of the voters of every configuration
/// that may be in force, the damaged ones are fewer than half.
///
/// Crashes, full disks and failed syncs need no budget, they may hit everyone at once: what was
/// promised is still on the disk. A disk that was wiped, has rotted or has lost a synced
/// write has broken its promises.
struct FaultBudget {
  /// Replicas whose disks do not hold what they have promised.
  private(set) var damaged: Set<ReplicaID> = []

  /// Whether one more may be damaged.
  func allows(_ replica: ReplicaID, in memberships: [Membership]) -> Bool {
    memberships.allSatisfy { isBearable(damaged.union([replica]), in: $0) }
  }

  /// Whether a membership can be brought about and work.
  func allows(_ membership: Membership) -> Bool { isBearable(damaged, in: membership) }

  private func isBearable(_ damaged: Set<ReplicaID>, in membership: Membership) -> Bool {
    [membership.voters, membership.outgoingVoters].allSatisfy { voters in
      voters.isEmpty || voters.count { damaged.contains($0) } * 2 < voters.count
    }
  }

  mutating func damage(_ replica: ReplicaID) { damaged.insert(replica) }

  /// It is whole again, or gone for good.
  mutating func release(_ replica: ReplicaID) { damaged.remove(replica) }
}
