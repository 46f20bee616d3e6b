import AionCluster
import AionModel
import AionRPC
import AionRaft

/// A leadership of this process, for what is done under it and counts under no other.
struct Leading {
  let plane: ReplicatedControlPlane
  let term: Term
  private let switchboard: Switchboard

  fileprivate init(_ plane: ReplicatedControlPlane, _ term: Term, _ switchboard: Switchboard) {
    self.plane = plane
    self.term = term
    self.switchboard = switchboard
  }

  var isOver: Bool {
    let leadership = switchboard.leadership
    return leadership.role != .leader || leadership.term != term
  }

  /// Makes sure that it was this process that led at some moment after the call, and that what it
  /// has applied shows every write that was acknowledged before.
  func confirm() async throws(ClusterError) {
    try await plane.confirmRead()
    // A follower's read is confirmed too, by another's leadership.
    if isOver { throw switchboard.notLeader }
  }
}

extension Switchboard {
  /// The leadership of this process.
  ///
  /// - Throws: `notLeader`, with who leads as far as that is known.
  func leading() throws(ClusterError) -> Leading {
    let leadership = leadership
    guard let plane, !isLeaving, leadership.role == .leader else { throw notLeader }
    return Leading(plane, leadership.term, self)
  }

  /// Who leads, for those who are sent there.
  var notLeader: ClusterError {
    let leader = leadership.leader
    guard let leader, leader != identity.replica, let peer = book[leader] else {
      return .notLeader(leader: nil, address: nil)
    }
    return .notLeader(leader: try? NodeID(peer.name), address: peer.address)
  }
}
