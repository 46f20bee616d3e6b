package import AionModel
package import AionNode
package import AionRaft

/// Callers that wait for a linearizable read; all that gather while the node is busy are one read.
package struct ReadRounds {
  private struct Round {
    var name: ReadID
    var waiters: [Waiter<LogIndex>]
  }

  private var gathering: [Waiter<LogIndex>] = []
  /// Asked and not answered, oldest first.
  private var rounds: [Round] = []
  private var last: ReadID = 0

  package init() {}

  package mutating func add(_ waiter: Waiter<LogIndex>) { gathering.append(waiter) }

  /// The name of a new round for those who have gathered; nil when nobody has.
  package mutating func begin() -> ReadID? {
    guard !gathering.isEmpty else { return nil }
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
    for waiter in rounds.remove(at: place).waiters { waiter.resume(answer) }
  }
}
