import AionModel

/// Proposals that are in the log and wait to be applied, oldest first.
struct PendingProposals<Command: Sendable> {
  struct Proposal {
    var position: LogPosition
    var command: Command
    var id: SubmissionID
  }

  private var proposals: [Proposal] = []
  /// Proposals before this place were taken; their room is given back once they are the most.
  private var head = 0

  mutating func append(_ proposal: Proposal) { proposals.append(proposal) }

  /// The proposal that became the entry at `position`.
  ///
  /// Proposals of the same or a lower index that did not become an entry were replaced by other
  /// ones and will never be applied; `replaced` hears of them.
  mutating func take(
    at position: LogPosition, replaced: (SubmissionID) -> Void
  ) -> Proposal? {
    while head < proposals.count, proposals[head].position.index <= position.index {
      let first = proposals[head]
      advanceHead()
      if first.position == position { return first }
      replaced(first.id)
    }
    return nil
  }

  /// Takes out those at `index` and after it.
  mutating func takeAll(from index: LogIndex = .zero) -> ArraySlice<Proposal> {
    let place = proposals[head...].firstIndex { $0.position.index >= index } ?? proposals.endIndex
    defer {
      proposals.removeSubrange(place...)
      if head == proposals.count {
        proposals = []
        head = 0
      }
    }
    return proposals[place...]
  }

  private mutating func advanceHead() {
    head += 1
    if head == proposals.count {
      proposals.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 1_024, head * 2 > proposals.count {
      proposals.removeSubrange(..<head)
      head = 0
    }
  }
}
