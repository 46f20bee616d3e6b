import AionModel
import AionRaft

/// Reads that were asked for and not yet answered, oldest first.
///
/// The core hears of them under names of this life of the replica: an answer to a read of an
/// earlier life, late on the network, must not be taken for one of a read that came after it.
struct WaitingReads {
  private struct Waiting {
    let own: ReadID
    let asked: ReadID
    var age = 0
    /// Once it is confirmed: what must be applied.
    var index: LogIndex?
  }

  private var waiting: [Waiting] = []
  private var next: UInt64
  /// Ticks after which an answer is not waited for any more: it was lost on the way.
  private let patience: Int

  init(first: UInt64, patience: Int) {
    next = first
    self.patience = patience
  }

  /// Takes a read in, and gives its name for the core.
  mutating func add(_ read: ReadID) -> ReadID {
    defer { next &+= 1 }
    waiting.append(Waiting(own: ReadID(next), asked: read))
    return ReadID(next)
  }

  mutating func confirm(_ read: Output.SafeRead) {
    guard let place = waiting.firstIndex(where: { $0.own == read.read }),
      waiting[place].index == nil
    else { return }
    waiting[place].index = read.index
  }

  mutating func answer(applied: LogIndex, into outcomes: inout [ReadOutcome]) {
    guard !waiting.isEmpty else { return }
    waiting.removeAll { read in
      guard let index = read.index, index <= applied else { return false }
      outcomes.append(.ready(read.asked, index: index))
      return true
    }
  }

  mutating func tick(_ error: ClusterError, into outcomes: inout [ReadOutcome]) {
    for place in waiting.indices { waiting[place].age += 1 }
    fail(error, into: &outcomes) { [patience] in $0.index == nil && $0.age > patience }
  }

  mutating func failUnconfirmed(_ error: ClusterError, into outcomes: inout [ReadOutcome]) {
    fail(error, into: &outcomes) { $0.index == nil }
  }

  mutating func failAll(_ error: ClusterError, into outcomes: inout [ReadOutcome]) {
    fail(error, into: &outcomes) { _ in true }
  }

  mutating func fail(
    own: ReadID, _ error: ClusterError, into outcomes: inout [ReadOutcome]
  ) {
    fail(error, into: &outcomes) { $0.own == own }
  }

  private mutating func fail(
    _ error: ClusterError, into outcomes: inout [ReadOutcome], where isLost: (Waiting) -> Bool
  ) {
    waiting.removeAll { read in
      guard isLost(read) else { return false }
      outcomes.append(.failed(read.asked, error))
      return true
    }
  }
}
