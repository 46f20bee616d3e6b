import AionModel
import AionRaft

/// What others have been told and may rely on, whatever happens to the replica that said it.
struct Promises: Hashable, Sendable {
  /// The highest term that a message which waits for the sync has carried.
  private(set) var term = Term.zero
  /// One for each term in which a vote has left, in ascending order.
  private var votes: [Vote] = []

  private struct Vote: Hashable, Sendable {
    let term: Term
    let candidate: ReplicaID
  }

  /// Notes what a message that is leaving promises.
  mutating func note(_ message: Message, waitedForSync: Bool) throws(Violation) {
    switch message.body {
    case .voteReply(let term, .granted):
      try note(Vote(term: term, candidate: message.to), of: message.from)
    case .vote(let term, _, _, _):
      try note(Vote(term: term, candidate: message.from), of: message.from)
    // The term of these is one that their sender has not entered.
    case .preVote, .preVoteReply(_, .granted): return
    default: break
    }
    if waitedForSync, let told = message.term { term = max(term, told) }
  }

  private mutating func note(_ vote: Vote, of voter: ReplicaID) throws(Violation) {
    let place = votes.firstIndex { $0.term >= vote.term } ?? votes.endIndex
    guard place < votes.endIndex, votes[place].term == vote.term else {
      votes.insert(vote, at: place)
      return
    }
    guard votes[place].candidate == vote.candidate else {
      throw .twoVotes(
        by: voter, in: vote.term, first: votes[place].candidate, second: vote.candidate)
    }
  }
}
