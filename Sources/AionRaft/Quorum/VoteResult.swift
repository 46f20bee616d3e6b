/// What a set of votes has decided so far.
enum VoteResult: Hashable, Sendable {
  case pending
  case won
  case lost
}
