import AionModel
import AionRaft

/// Two logs that have an entry of the same index and term are the same up to there (Raft figure 3).
enum LogMatching {
  static func check(_ one: RaftCore, _ other: RaftCore) throws(Violation) {
    var index = min(one.lastPosition.index, other.lastPosition.index)
    let first = max(one.firstIndex, other.firstIndex)
    while index >= first, one.term(at: index) != other.term(at: index) { index = index.previous }
    guard index >= first else { return }
    guard one.entries(first..<index.next) == other.entries(first..<index.next) else {
      let position = LogPosition(term: one.term(at: index) ?? .zero, index: index)
      throw .logsDiffer(one.id, other.id, below: position)
    }
  }
}
