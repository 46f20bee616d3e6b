/// What an exploration found.
package struct Report: Sendable {
  package var outcome = Outcome.exhausted
  /// Distinct states, symmetric ones counted once.
  package var states = 0
  package var transitions = 0
  /// Transitions that led beyond a term or the messages in flight, and were not followed.
  package var cut = 0
  /// Steps from the start to the farthest state.
  package var depth = 0
  /// Distinct states of single replicas, distinct messages and distinct histories.
  package var replicaStates = 0
  package var messages = 0
  package var ledgers = 0
  package var waiting = 0
  /// The tables' size, at the most.
  package var bytes = 0

  package enum Outcome: Sendable {
    /// Every state within the bounds was visited.
    case exhausted
    case stopped(Stop)
    case violated(Counterexample)
  }

  package enum Stop: String, Sendable {
    case states
    case depth
    case memory
    case time
  }
}

/// When an exploration ends before it has seen everything.
package struct StopConditions: Sendable {
  package var states = Int(UInt32.max) - 1
  package var depth = Int.max
  /// Of the explorer's tables, in bytes.
  package var bytes = Int.max
  package init() {}
}
