import AionCatalog
import AionModel

/// Proposals that are in the log and wait to be applied, oldest first.
struct PendingProposals<Ticket> {
  struct Proposal {
    var position: LogPosition
    var batch: CommandBatch
    var ticket: Ticket
  }

  private var proposals: [Proposal?] = []
  /// Proposals before this place were taken; their room is given back when all are.
  private var head = 0

  mutating func append(_ proposal: Proposal) { proposals.append(proposal) }

  /// The proposal that became the entry at `position`.
  ///
  /// Proposals of the same or a lower index that did not become an entry were replaced by other
  /// ones and will never be applied; `replaced` hears of them.
  mutating func take(
    at position: LogPosition, replaced: (Proposal) -> Void
  ) -> Proposal? {
    while head < proposals.count, let first = proposals[head],
      first.position.index <= position.index
    {
      proposals[head] = nil
      head += 1
      if head == proposals.count {
        proposals.removeAll(keepingCapacity: true)
        head = 0
      }
      if first.position == position { return first }
      replaced(first)
    }
    return nil
  }

  mutating func takeAll() -> [Proposal] {
    defer {
      proposals = []
      head = 0
    }
    return proposals[head...].compactMap { $0 }
  }
}
