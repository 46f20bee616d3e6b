import AionModel
import AionRaft

/// What records and segments say against each other.
struct LogSequence: Hashable, Sendable {
  /// The newest entry so far.
  private(set) var last = LogPosition.zero
  private(set) var hardState = HardState()
  /// The entry before the first that was seen.
  private(set) var base = LogPosition.zero
  /// Segments before the first that was seen have been left out, or removed. What they held may
  /// have been overwritten in those that follow, as long as it was not committed.
  private var reachesBack = false
  private var current: SegmentNumber?
  private var chain: UInt32 = 0

  var isAtStart: Bool { current == nil }

  mutating func begin(_ header: SegmentHeader) throws(LogDamage.Finding) {
    if let current {
      guard header.previous == current else {
        throw .segmentMissing(named: header.previous?.fileName ?? "none")
      }
      guard header.chain == chain else {
        throw .chainBroken(stored: header.chain, computed: chain)
      }
      guard header.startsOver || header.base == last else {
        throw .indexGap(expected: last.index.next, found: header.base.index.next)
      }
    }
    if current == nil || header.startsOver {
      base = header.base
      reachesBack = !header.startsOver
    }
    current = header.number
    last = header.base
    hardState = header.hardState
  }

  mutating func end(_ chain: UInt32) { self.chain = chain }

  mutating func accept(
    _ header: PayloadHeader, _ batch: LogBatch
  ) throws(LogDamage.Finding) {
    if let first = batch.entries.first, let final = batch.entries.last {
      guard first.index <= last.index.next, first.index > base.index || reachesBack else {
        throw .indexGap(expected: last.index.next, found: first.index)
      }
      guard first.index > hardState.commit else {
        throw .overwritesCommitted(index: first.index, commit: hardState.commit)
      }
      try checkTerms(batch.entries)
      last = final.position
    }
    if batch.entries.isEmpty, header.firstIndex != last.index.next {
      throw .indexGap(expected: last.index.next, found: header.firstIndex)
    }
    guard let new = batch.hardState else { return }
    guard new.term >= hardState.term else {
      throw .termWentBack(from: hardState.term, to: new.term)
    }
    guard new.commit <= last.index else {
      throw .commitBeyondEnd(commit: new.commit, last: last.index)
    }
    hardState = new
  }

  private func checkTerms(_ entries: [Entry]) throws(LogDamage.Finding) {
    // The term before an overwritten entry is not at hand; it may be lower than the last one's.
    var term = entries.first.map { $0.index > last.index ? last.term : $0.term } ?? last.term
    for entry in entries {
      guard entry.term >= term else { throw .termWentBack(from: term, to: entry.term) }
      term = entry.term
    }
  }
}
