import AionModel

/// Reads that wait at a leader (thesis §6.4).
struct ReadQueue: Hashable, Sendable {
  struct Request: Hashable, Sendable {
    let read: ReadID
    let origin: ReplicaID
  }

  struct Confirmed: Hashable, Sendable {
    let request: Request
    let index: LogIndex
  }

  /// Wait for the first commit of the term.
  private(set) var postponed: [Request] = []
  /// Wait for a quorum to confirm the leader; the round of the first is `confirmed + 1`.
  private(set) var unconfirmed: [Confirmed] = []
  private(set) var confirmed: UInt64 = 0
  private var answers: [Answer] = []

  private struct Answer: Hashable, Sendable {
    let replica: ReplicaID
    var round: UInt64
  }

  var count: Int { postponed.count + unconfirmed.count }

  /// The round that confirms everything that waits.
  var latestRound: ReadRound? {
    unconfirmed.isEmpty ? nil : ReadRound(confirmed + UInt64(unconfirmed.count))
  }

  mutating func postpone(_ request: Request) { postponed.append(request) }

  mutating func takePostponed() -> [Request] {
    defer { postponed = [] }
    return postponed
  }

  mutating func add(_ request: Request, at index: LogIndex) -> ReadRound {
    unconfirmed.append(Confirmed(request: request, index: index))
    return ReadRound(confirmed + UInt64(unconfirmed.count))
  }

  /// A round that never began confirms nothing.
  mutating func answer(from replica: ReplicaID, round: ReadRound) {
    guard let latest = latestRound, round <= latest else { return }
    if let place = answers.firstIndex(where: { $0.replica == replica }) {
      answers[place].round = max(answers[place].round, round.rawValue)
    } else {
      let place = answers.firstIndex { $0.replica > replica } ?? answers.endIndex
      answers.insert(Answer(replica: replica, round: round.rawValue), at: place)
    }
  }

  func answered(_ replica: ReplicaID) -> UInt64 {
    answers.first { $0.replica == replica }?.round ?? 0
  }

  /// Every read up to a round is confirmed.
  mutating func takeConfirmed(through round: UInt64) -> [Confirmed] {
    let round = min(round, confirmed + UInt64(unconfirmed.count))
    guard round > confirmed else { return [] }
    let count = Int(round - confirmed)
    let reads = Array(unconfirmed[..<count])
    unconfirmed.removeFirst(count)
    confirmed += UInt64(count)
    return reads
  }
}
