/// What a set of votes has decided so far.
package enum VoteResult: Hashable, Sendable {
  case pending
  case won
  case lost
}
