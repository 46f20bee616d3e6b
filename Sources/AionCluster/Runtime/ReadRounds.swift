package import AionModel
package import AionNode
package import AionRaft

/// Callers that wait for a linearizable read; all that gather while one is under way are the next.
///
/// A read costs every replica a message. One that was lost holds the next one up until a tick has
/// passed, and not longer.
package struct ReadRounds {
  private struct Round {
    var name: ReadID
    var waiters: [Waiter<LogIndex>]
  }

  private var gathering: [Waiter<LogIndex>] = []
  /// Asked and not answered, oldest first.
  private var rounds: [Round] = []
  private var last: ReadID = 0
  /// Whether the newest round began in this tick and is not answered.
  private var isFresh = false

  package init() {}

  package mutating func add(_ waiter: Waiter<LogIndex>) { gathering.append(waiter) }

  package mutating func tick() { isFresh = false }

  /// The name of a new round for those who have gathered; nil when nobody has, or they are to wait.
  package mutating func begin() -> ReadID? {
    guard !gathering.isEmpty, !isFresh else { return nil }
    isFresh = true
    last.rawValue += 1
    rounds.append(Round(name: last, waiters: gathering))
    gathering = []
    return last
  }

  package mutating func answer(_ outcome: ReadOutcome) {
    switch outcome {
    case .ready(let name, let index): answer(name, .success(index))
    case .failed(let name, let error): answer(name, .failure(error))
    }
  }

  package mutating func failAll(_ error: ClusterError) {
    for waiter in gathering + rounds.flatMap(\.waiters) { waiter.resume(.failure(error)) }
    gathering = []
    rounds = []
  }

  private mutating func answer(_ name: ReadID, _ answer: Result<LogIndex, ClusterError>) {
    guard let place = rounds.firstIndex(where: { $0.name == name }) else { return }
    if name == last { isFresh = false }
    for waiter in rounds.remove(at: place).waiters { waiter.resume(answer) }
  }
}
