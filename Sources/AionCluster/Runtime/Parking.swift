/// Whether the consumer of a queue sleeps, and what it is to be woken for.
package struct Parking: Sendable {
  /// So many writes; nil while it does not sleep.
  private var wantedWrites: Int?

  package init() {}

  package mutating func park(for writes: Int) { wantedWrites = writes }

  /// It looks by itself.
  package mutating func unpark() { wantedWrites = nil }

  /// Whether it has to be woken; the one who asks must do it, and nobody else will.
  package mutating func takeWake(writes: Int, isUrgent: Bool) -> Bool {
    guard let wantedWrites, isUrgent || writes >= wantedWrites else { return false }
    self.wantedWrites = nil
    return true
  }
}
