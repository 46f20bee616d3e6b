/// Replicas by role, such as those of one node.
public struct ReplicaCounts: Hashable, Sendable {
  public var leaders = 0
  public var followers = 0
  public var learners = 0

  public init(leaders: Int = 0, followers: Int = 0, learners: Int = 0) {
    self.leaders = leaders
    self.followers = followers
    self.learners = learners
  }

  public var voters: Int { leaders + followers }
  public var total: Int { leaders + followers + learners }
  public var isEmpty: Bool { self == ReplicaCounts() }

  /// - Parameter change: Negative for replicas that go.
  public mutating func count(_ role: ReplicaRole, by change: Int) {
    switch role {
    case .leader: leaders += change
    case .follower: followers += change
    case .learner: learners += change
    }
  }

  public static func + (left: Self, right: Self) -> Self {
    ReplicaCounts(
      leaders: left.leaders + right.leaders, followers: left.followers + right.followers,
      learners: left.learners + right.learners)
  }

  public static func - (left: Self, right: Self) -> Self {
    ReplicaCounts(
      leaders: left.leaders - right.leaders, followers: left.followers - right.followers,
      learners: left.learners - right.learners)
  }
}
