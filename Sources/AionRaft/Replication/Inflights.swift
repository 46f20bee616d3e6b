import AionModel

/// The appends to one follower that it has not yet answered, oldest first.
struct Inflights: Hashable, Sendable {
  private struct Sent: Hashable, Sendable {
    let last: LogIndex
    let size: ByteCount
  }

  private var sent: [Sent] = []
  private(set) var size = ByteCount.zero

  var count: Int { sent.count }

  func isFull(_ options: RaftOptions) -> Bool {
    sent.count >= options.maximumInflightMessages || size >= options.maximumInflightSize
  }

  mutating func add(through last: LogIndex, size: ByteCount) {
    sent.append(Sent(last: last, size: size))
    self.size += size
  }

  /// Everything up to an index has been answered.
  mutating func release(through index: LogIndex) {
    var released = 0
    while released < sent.count, sent[released].last <= index {
      size -= sent[released].size
      released += 1
    }
    sent.removeFirst(released)
  }
}
