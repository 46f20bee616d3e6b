import AionModel

/// The log with its marks: what has been written, committed and applied.
///
/// `applied ≤ applying ≤ committed ≤ last` and `durable ≤ handedOut ≤ last`.
struct RaftLog: Hashable, Sendable {
  private(set) var entries: EntryLog
  private(set) var committed: LogIndex
  /// Up to where committed entries were handed out to be applied.
  private(set) var applying: LogIndex
  private(set) var applied: LogIndex
  /// Up to where entries were handed out to be written.
  private(set) var handedOut: LogIndex
  /// A snapshot that came from the leader and is not yet installed.
  private(set) var incoming: SnapshotMetadata?
  private(set) var incomingIsHandedOut = false
  /// How many bytes may be handed out to be applied and not yet be applied.
  private let applyLimit: ByteCount
  private var applyingSize = ByteCount.zero
  private var applyingIsPaused = false

  init(after base: LogPosition, applyLimit: ByteCount) {
    self.applyLimit = applyLimit
    entries = EntryLog(after: base)
    committed = base.index
    applying = base.index
    applied = base.index
    handedOut = base.index
  }

  var last: LogPosition { entries.last }
  var first: LogIndex { entries.first }

  var committedPosition: LogPosition {
    LogPosition(term: entries.term(at: committed) ?? .zero, index: committed)
  }

  /// Whether a membership change is among some entries, as far as they are kept.
  func hasConfiguration(in indices: Range<LogIndex>) -> Bool {
    indices.contains { index in
      guard index >= first, case .configuration = entries[index].payload else { return false }
      return true
    }
  }

  /// Takes over the entries that a restart found on disk.
  mutating func recover(_ recovered: [Entry], committed: LogIndex) {
    for entry in recovered { entries.append(entry) }
    handedOut = entries.last.index
    self.committed = max(self.committed, committed)
  }

  mutating func append(_ entry: Entry) { entries.append(entry) }

  mutating func truncate(after index: LogIndex) {
    entries.truncate(after: index)
    handedOut = min(handedOut, index)
  }

  mutating func commit(to index: LogIndex) { committed = max(committed, index) }

  mutating func compact(through index: LogIndex) { entries.compact(through: index) }

  /// Replaces everything by a snapshot that is still to be installed.
  mutating func restore(_ snapshot: SnapshotMetadata) {
    entries = EntryLog(after: snapshot.position)
    committed = snapshot.position.index
    handedOut = snapshot.position.index
    incoming = snapshot
    incomingIsHandedOut = false
  }

  /// The snapshot of this index is installed.
  mutating func installed(_ index: LogIndex) {
    if incoming?.position.index == index { incoming = nil }
    if index > applied, index <= committed { advanceApplied(to: index) }
  }

  mutating func advanceApplied(to index: LogIndex) {
    var size = ByteCount.zero
    if applyLimit.bytes < Int.max, applied >= entries.base.index {
      size = entries.countedSize(applied.next..<index.next)
    }
    applied = index
    applying = max(applying, index)
    // A snapshot replaces entries that were handed out, and their sizes with them.
    let isDone = applied == applying || size > applyingSize
    applyingSize = isDone ? .zero : applyingSize - size
    applyingIsPaused = applyingSize >= applyLimit
  }
}

// MARK: - Handing out

extension RaftLog {
  var unwritten: Range<LogIndex> { handedOut.next..<last.index.next }

  mutating func takeUnwritten() -> [Entry] {
    defer { handedOut = last.index }
    return entries.entries(unwritten)
  }

  mutating func takeIncoming() -> SnapshotMetadata? {
    guard !incomingIsHandedOut, let incoming else { return nil }
    incomingIsHandedOut = true
    return incoming
  }

  var hasIncomingToHandOut: Bool { incoming != nil && !incomingIsHandedOut }

  /// Nothing is applied while a snapshot waits to be installed: which came first would be unclear.
  var hasUnapplied: Bool { incoming == nil && !applyingIsPaused && applying < committed }

  /// Committed entries to apply, within the limit across all that are not yet applied; a single
  /// larger entry still goes.
  mutating func takeUnapplied() -> [Entry] {
    guard hasUnapplied else { return [] }
    let whole = applying.next..<committed.next
    let page = entries.page(whole, limit: applyLimit - applyingSize)
    applying = page.upperBound.previous
    if applyLimit.bytes < Int.max {
      applyingSize += entries.countedSize(page)
      applyingIsPaused = applyingSize >= applyLimit || page != whole
    }
    return entries.entries(page)
  }
}

// MARK: - Conflicts

extension RaftLog {
  /// The index of the first entry that is not in the log as it is, be it missing or of another
  /// term; `nil` when all are there.
  func firstNew(of proposed: [Entry]) -> LogIndex? {
    proposed.first { !entries.matches($0.position) }?.index
  }

  /// The highest position at or before an index where this log can agree with one that has `term`
  /// there: terms only grow along a log, so later entries of higher terms cannot match. The term
  /// is `nil` where this log does not know it.
  func agreement(with term: Term, at index: LogIndex) -> (index: LogIndex, term: Term?) {
    var index = index
    while index > .zero {
      guard let own = entries.term(at: index) else { return (index, nil) }
      if own <= term { return (index, own) }
      index = index.previous
    }
    return (.zero, nil)
  }
}
