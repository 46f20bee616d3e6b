import AionModel
import Synchronization

/// Counts the bytes of envelopes that wait for the replica's thread, and those that found no room.
package final class EnvelopeRoom: Sendable {
  private let taken = Atomic<Int>(0)
  private let dropped = Atomic<Int>(0)
  private let limit: Int

  package init(limit: ByteCount) { self.limit = limit.bytes }

  /// Takes room, unless there is none. An envelope that is longer than all of it is never taken.
  package func take(_ size: ByteCount) -> Bool {
    guard taken.add(size.bytes, ordering: .relaxed).newValue <= limit else {
      giveBack(size)
      drop()
      return false
    }
    return true
  }

  package func giveBack(_ size: ByteCount) { taken.subtract(size.bytes, ordering: .relaxed) }

  package func drop() { dropped.add(1, ordering: .relaxed) }

  package var droppedCount: Int { dropped.load(ordering: .relaxed) }
}
