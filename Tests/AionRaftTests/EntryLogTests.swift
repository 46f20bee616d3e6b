import AionModel
import AionRaft
import Testing

@Suite("The log in memory")
struct EntryLogTests {
  /// The same operations on an array, entry by entry.
  private struct Reference {
    var base: LogPosition
    var entries: [Entry] = []

    var last: LogPosition { entries.last?.position ?? base }

    func term(at index: LogIndex) -> Term? {
      if index == base.index { return base.term }
      return entries.first { $0.index == index }?.term
    }
  }

  @Test("It agrees with a plain array after any appends, truncations and compactions")
  func agreesWithArray() {
    for seed in UInt64(1)...40 {
      var chance = SplitMix64(seed: seed)
      let start = LogPosition(term: 1, index: LogIndex(UInt64.random(in: 0...600, using: &chance)))
      var log = EntryLog(after: start)
      var reference = Reference(base: start)
      for _ in 0..<60 {
        change(&log, &reference, &chance)
        compare(log, reference, "seed \(seed)")
      }
    }
  }

  private func change(
    _ log: inout EntryLog, _ reference: inout Reference, _ chance: inout SplitMix64
  ) {
    let span = reference.base.index...reference.last.index
    switch Int.random(in: 0..<5, using: &chance) {
    case 0:
      let index = LogIndex(
        UInt64.random(in: span.lowerBound.rawValue...span.upperBound.rawValue, using: &chance))
      log.truncate(after: index)
      reference.entries.removeAll { $0.index > index }
    case 1:
      let index = LogIndex(
        UInt64.random(in: span.lowerBound.rawValue...span.upperBound.rawValue, using: &chance))
      log.compact(through: index)
      reference.base = LogPosition(term: reference.term(at: index) ?? .zero, index: index)
      reference.entries.removeAll { $0.index <= index }
    default:
      for _ in 0..<Int.random(in: 0...300, using: &chance) {
        let term = Term(reference.last.term.rawValue + (chance.next() % 50 == 0 ? 1 : 0))
        let entry = Entry(index: reference.last.index.next, term: term)
        log.append(entry)
        reference.entries.append(entry)
      }
    }
  }

  private func compare(_ log: EntryLog, _ reference: Reference, _ seed: Comment) {
    #expect(log.base == reference.base, seed)
    #expect(log.last == reference.last, seed)
    #expect(log.isEmpty == reference.entries.isEmpty, seed)
    #expect(log.entries(log.first..<log.last.index.next) == reference.entries, seed)
    #expect(log.term(at: reference.last.index.next) == nil, seed)
    for index in [reference.base.index.previous, reference.base.index, reference.last.index] {
      #expect(log.term(at: index) == reference.term(at: index), seed)
    }
  }

  @Test("Equal logs are equal and hash alike, however they came to be")
  func hashesByContent() {
    var grown = EntryLog(after: .zero)
    for index in LogIndex(1)..<700 { grown.append(Entry(index: index, term: 1)) }
    grown.truncate(after: 600)
    grown.compact(through: 300)
    var fresh = EntryLog(after: LogPosition(term: 1, index: 300))
    for index in LogIndex(301)..<601 { fresh.append(Entry(index: index, term: 1)) }
    #expect(grown == fresh)
    #expect(grown.hashValue == fresh.hashValue)
  }

  @Test("Checklist 33: a page holds what fits, and a single larger entry all the same")
  func pages() {
    var log = EntryLog(after: .zero)
    for index in LogIndex(1)..<5 {
      log.append(
        Entry(index: index, term: 1, payload: .command([UInt8](repeating: 0, count: 100))))
    }
    let one = log[1].countedSize
    #expect(log.page(1..<5, limit: 1) == 1..<2)
    #expect(log.page(1..<5, limit: one) == 1..<2)
    #expect(log.page(1..<5, limit: one + one) == 1..<3)
    #expect(log.page(1..<5, limit: one + one - 1) == 1..<2)
    #expect(log.page(2..<5, limit: RaftOptions.unlimited) == 2..<5)
  }
}
