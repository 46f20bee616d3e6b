import AionModel
import AionNode

/// Someone who asks the group one thing after the other, and asks again when nothing is heard.
struct Client<Load: Workload> {
  let id: ClientID
  /// Whom it asks.
  var target: ReplicaID = 1
  /// Counts everything that it sends or waits for: an answer or an alarm of an earlier attempt is
  /// void.
  var attempt = 0
  var current: Current?
  /// It was refused, and asks again a little later.
  var isPausing = false

  init(_ id: ClientID) { self.id = id }

  /// What it is at.
  struct Current {
    var operation: Operation<Load.Machine.Command, Load.Query>
    var attempts = 0
    /// An attempt has ended without an answer that tells whether it was done.
    var isUncertain = false
  }

  /// What a replica answers.
  enum Reply {
    case applied(at: LogIndex, Result<Load.Machine.Outcome, ClusterError>)
    case answered(at: LogIndex, Load.Answer)
    /// By the replica, not by the state machine.
    case refused(ClusterError)
  }

  static var mostAttempts: Int { 40 }
}

extension ClusterError {
  /// Whether a replica that answers this has not done what was asked, and never will.
  var isCertainRefusal: Bool {
    switch self {
    case .notLeader, .busy, .diskFull: true
    default: false
    }
  }
}
