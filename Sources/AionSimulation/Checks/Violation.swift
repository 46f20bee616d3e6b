/// A promise that was broken.
public struct Violation: Error, Hashable, Sendable, CustomStringConvertible {
  public var promise: Promise
  public var detail: String

  init(_ promise: Promise, _ detail: String) {
    self.promise = promise
    self.detail = detail
  }

  public var description: String { "\(promise.rawValue): \(detail)" }

  /// What is checked after every event.
  public enum Promise: String, Hashable, Sendable, CaseIterable {
    /// At most one leader in a term.
    case electionSafety = "election safety"
    /// A replica votes once in a term, and in none before one in which it has voted.
    case oneVote = "one vote"
    /// Of each index and term there is one entry, with one history before it.
    case logMatching = "log matching"
    /// A leader has every committed entry.
    case leaderCompleteness = "leader completeness"
    /// At an index every replica applies the same, to the same state.
    case stateMachineSafety = "state machine safety"
    case membershipAgreement = "membership agreement"
    /// What was committed is there for whoever asks later.
    case realTime = "real time"
    case monotonicVersions = "monotonic versions"
    case exactlyOnce = "exactly once"
    case linearizability
    /// A snapshot is what replaying the log gives.
    case snapshotFidelity = "snapshot fidelity"
    /// Whoever follows what is told of changes comes to the same state.
    case toldChanges = "told changes"
    /// Who is asked the same of the same state, a planner for instance, answers the same.
    case determinism
    /// What the state machine says of its own state.
    case stateInvariant = "state invariant"
    /// A replica whose disk is whole opens it and goes on.
    case wholeness
    /// A replica that lost its disk is not taken for the one that it was.
    case identity
    /// Once the world is healed, the group agrees, serves and is repaired.
    case liveness
  }
}
