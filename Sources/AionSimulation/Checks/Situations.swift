/// How often what occurred, over one run or many: a simulation that never meets a situation says
/// nothing about it.
public struct Situations: Hashable, Sendable {
  /// What can occur, beside the faults that are counted under their own names.
  public enum Situation: String, Hashable, Sendable, CaseIterable {
    // Elections
    case election
    case voteRefused = "vote refused"
    case preVoteRefused = "pre-vote refused"
    case leaderCrash = "leader crashed"
    case leadershipHandedOver = "leadership handed over"
    // Logs
    case appendRejected = "append rejected"
    case truncation = "log truncated"
    case crashInCall = "crash while a disk was busy"
    case restart = "restart with a log"
    case tornTail = "torn tail dropped"
    case leftovers = "leftovers removed"
    case openingFailed = "opening failed for now"
    case poisoned = "node stopped by its disk"
    case damageFound = "damage found at opening"
    case recovering = "recovery under way"
    case recoveryAtRunTime = "recovery begun at run time"
    case recoveryEnded = "recovery ended"
    case olderSnapshot = "fell back to an older snapshot"
    // Snapshots
    case snapshotWritten = "snapshot written"
    case snapshotFailed = "snapshot not written"
    case snapshotOffered = "snapshot offered"
    case snapshotPieceSent = "snapshot piece sent"
    case snapshotRefused = "snapshot refused"
    case snapshotInstalled = "snapshot installed"
    // Members
    case membershipChanged = "membership changed"
    case jointConfiguration = "joint configuration"
    case strangerRefused = "wiped replica refused"
    case replacement = "lost replica replaced"
    // Clients
    case written = "write applied"
    case refusedByState = "write refused by the state"
    case read = "read answered"
    case clientTimeout = "client heard nothing"
    case clientRepeats = "client asked again"
    case outcomeUnknown = "outcome unknown"
    case answerLost = "answer lost"
    case gaveUp = "client gave up"
  }

  private var counts: [Int]
  private var strikes: [Int]

  public init() {
    counts = Array(repeating: 0, count: Situation.allCases.count)
    strikes = Array(repeating: 0, count: FaultKind.allCases.count)
  }

  public subscript(situation: Situation) -> Int {
    Situation.allCases.firstIndex(of: situation).map { counts[$0] } ?? 0
  }

  public subscript(fault: FaultKind) -> Int { strikes[Int(fault.concern) - 100] }

  mutating func note(_ situation: Situation, if hasOccurred: Bool = true) {
    guard hasOccurred, let place = Situation.allCases.firstIndex(of: situation) else { return }
    counts[place] += 1
  }

  mutating func note(_ fault: FaultKind, times: Int = 1) {
    strikes[Int(fault.concern) - 100] += times
  }

  mutating func note<Outcome, Answer>(_ ending: Ending<Outcome, Answer>) {
    switch ending {
    case .applied(_, .success, _): note(.written)
    case .applied(_, .failure, _): note(.refusedByState)
    case .answered: note(.read)
    case .notDone, .unknown: note(.gaveUp)
    }
  }

  /// Adds what another run has met.
  public mutating func add(_ other: Situations) {
    for place in counts.indices { counts[place] += other.counts[place] }
    for place in strikes.indices { strikes[place] += other.strikes[place] }
  }
}
