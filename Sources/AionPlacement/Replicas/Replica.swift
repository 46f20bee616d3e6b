import AionModel

/// One replica in a `ReplicaTable`: the number of its node and its role, in four bytes.
struct Replica: Hashable {
  private let packed: UInt32

  init(node: Int, role: ReplicaRole) {
    packed = UInt32(truncatingIfNeeded: node) << 2 | UInt32(role.rawValue)
  }

  var node: Int { Int(packed >> 2) }

  var isLeader: Bool { packed & 3 == UInt32(ReplicaRole.leader.rawValue) }

  var isVoting: Bool { packed & 3 != UInt32(ReplicaRole.learner.rawValue) }

  var role: ReplicaRole { isLeader ? .leader : isVoting ? .follower : .learner }
}
