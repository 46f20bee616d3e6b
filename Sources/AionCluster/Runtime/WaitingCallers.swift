import AionCatalog
import AionNode

/// The callers whose writes the node has taken and not yet answered, by the ids of their writes.
struct WaitingCallers {
  /// nil once answered; their room is given back when all are.
  private var callers: [Waiter<Applied>?] = []
  private var firstID: SubmissionID = 0
  private var answered = 0

  /// Adds callers, and gives the id of the first; the others take the ids that follow.
  mutating func add(_ new: [Waiter<Applied>]) -> SubmissionID {
    defer { for caller in new { callers.append(caller) } }
    return SubmissionID(firstID.rawValue + UInt64(callers.count))
  }

  mutating func answer(_ reply: Reply) {
    let place = Int(reply.id.rawValue - firstID.rawValue)
    guard let caller = callers[place] else { return }
    callers[place] = nil
    answered += 1
    caller.resume(reply.outcome)
    if answered == callers.count { forgetAll() }
  }

  private mutating func forgetAll() {
    firstID.rawValue += UInt64(callers.count)
    callers.removeAll(keepingCapacity: true)
    answered = 0
  }
}
