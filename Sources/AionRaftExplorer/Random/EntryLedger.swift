import AionModel
import AionRaft

/// Log matching, as entries are written: of each index and term there is one entry, with one term
/// before it. By induction, two logs that share an entry share all before it.
struct EntryLedger {
  private struct Written {
    let entry: Entry
    let previous: Term?
    let writer: ReplicaID
  }

  private var written: [LogPosition: Written] = [:]

  mutating func note(_ entries: [Entry], of core: RaftCore) throws(Violation) {
    var previous = entries.first.flatMap { core.term(at: $0.index.previous) }
    for entry in entries {
      if let known = written[entry.position] {
        let isSame = known.previous == previous || known.previous == nil || previous == nil
        guard known.entry == entry, isSame else {
          throw .logsDiffer(known.writer, core.id, below: entry.position)
        }
      } else {
        written[entry.position] = Written(entry: entry, previous: previous, writer: core.id)
      }
      previous = entry.term
    }
  }
}
