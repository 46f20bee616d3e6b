public import AionModel

/// Leadership that moves along with a change of replicas.
public struct LeaderHandover: Hashable, Sendable, CustomStringConvertible {
  /// Why the leader does not stay.
  public enum Cause: Hashable, Sendable {
    case leaderDown
    case leaderLeaves
  }

  public let from: NodeID
  public let to: NodeID
  public let cause: Cause
  public let choice: LeaderChoice

  public var description: String {
    switch cause {
    case .leaderDown: "\(to) leads, \(from) is down (\(choice))"
    case .leaderLeaves: "\(to) leads, \(from) leaves (\(choice))"
    }
  }
}
