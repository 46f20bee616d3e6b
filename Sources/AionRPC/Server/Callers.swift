import AionModel
import Synchronization

/// The newest connection of each replica over which it sends its messages.
///
/// A replica that has made another connection is there, whatever becomes of the one before: the end
/// of that one may be noticed long afterwards, and says nothing of the replica.
final class Callers: Sendable {
  private struct State {
    var last = 0
    var newest: [ReplicaID: Int] = [:]
  }

  private let state = Mutex(State())

  /// A connection of a replica has begun.
  ///
  /// - Returns: Names the connection when it ends.
  func began(_ peer: ReplicaID) -> Int {
    state.withLock { state in
      state.last += 1
      state.newest[peer] = state.last
      return state.last
    }
  }

  /// A connection has ended.
  ///
  /// - Returns: Whether the replica has made none since.
  func ended(_ connection: Int, of peer: ReplicaID) -> Bool {
    state.withLock { state in
      guard state.newest[peer] == connection else { return false }
      state.newest[peer] = nil
      return true
    }
  }
}
