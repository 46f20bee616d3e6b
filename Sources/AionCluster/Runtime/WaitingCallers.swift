package import AionCatalog
package import AionModel
package import AionNode

/// The callers whose writes the node has taken and not yet answered, by the ids of their writes.
package struct WaitingCallers {
  /// nil once answered; the oldest answered ones give their room back once they are the most.
  private var callers: [Waiter<Applied>?] = []
  private var firstID: SubmissionID = 0
  private var answered = 0

  package init() {}

  /// How many slots are held, answered ones among them.
  package var slotCount: Int { callers.count }

  /// Adds callers, and gives the id of the first; the others take the ids that follow.
  package mutating func add(_ new: [Waiter<Applied>]) -> SubmissionID {
    if answered * 2 > callers.count { forgetOldest() }
    let first = SubmissionID(firstID.rawValue + UInt64(callers.count))
    for caller in new { callers.append(caller) }
    return first
  }

  /// Answers the caller that the reply is for, once.
  package mutating func answer(_ reply: Reply<Applied>) {
    let place = Int(reply.id.rawValue - firstID.rawValue)
    guard let caller = callers[place] else { return }
    callers[place] = nil
    answered += 1
    caller.resume(reply.outcome)
  }

  /// How many wait.
  package var count: Int { callers.count - answered }

  /// Answers everyone who waits still.
  package mutating func answerAll(_ error: ClusterError) {
    for caller in callers { caller?.resume(.failure(error)) }
    firstID.rawValue += UInt64(callers.count)
    callers = []
    answered = 0
  }

  private mutating func forgetOldest() {
    let count = callers.firstIndex { $0 != nil } ?? callers.count
    callers.removeSubrange(..<count)
    firstID.rawValue += UInt64(count)
    answered -= count
  }
}
