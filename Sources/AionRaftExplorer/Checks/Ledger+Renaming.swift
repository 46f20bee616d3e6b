extension Ledger {
  /// The same history of the namesakes.
  func renamed(_ rename: Renaming) -> Ledger {
    var renamed = self
    renamed.leaders = leaders.map { leader in leader.map { rename($0) } }
    renamed.firstMembership = rename(firstMembership)
    renamed.committed = committed.map { commit in
      Commit(
        entry: rename(commit.entry), term: commit.term, membership: rename(commit.membership))
    }
    return renamed
  }
}
