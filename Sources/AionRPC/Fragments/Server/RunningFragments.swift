import AionModel
import Synchronization

/// The fragments that a node executes: so many and no more, each found by its name.
final class RunningFragments: Sendable {
  private struct Running {
    var length: Int
    var work: Task<Void, Never>?
    var isCancelled = false
  }

  private struct State {
    var running: [FragmentName: Running] = [:]
    var bytes = 0
    var isClosed = false
  }

  private let limits: FragmentLimits
  private let state = Mutex(State())

  init(_ limits: FragmentLimits) { self.limits = limits }

  var count: Int { state.withLock { $0.running.count } }
  var bytes: ByteCount { ByteCount(state.withLock { $0.bytes }) }

  /// Takes a place for a fragment.
  ///
  /// - Throws: `busy`, `closed`; `other` with code 42710 when it is executed already.
  func begin(_ name: FragmentName, length: Int) throws(ClusterError) {
    try state.withLock { state throws(ClusterError) in
      if state.isClosed { throw .closed }
      guard state.running[name] == nil else { throw .isExecuted(name) }
      guard state.running.count < limits.fragments else {
        throw .busy(.fragments(limit: limits.fragments))
      }
      guard state.bytes + length <= limits.planBytes.bytes else {
        throw .busy(.fragmentBytes(limit: limits.planBytes))
      }
      state.running[name] = Running(length: length)
      state.bytes += length
    }
  }

  /// What is cancelled when the fragment is; at once, when it was already.
  func attach(_ work: Task<Void, Never>, to name: FragmentName) {
    let isCancelled = state.withLock { state in
      state.running[name]?.work = work
      return state.running[name]?.isCancelled ?? false
    }
    if isCancelled { work.cancel() }
  }

  /// A fragment that is not there is not cancelled, and that is all.
  func cancel(_ name: FragmentName) {
    let work = state.withLock { state in
      state.running[name]?.isCancelled = true
      return state.running[name]?.work
    }
    work?.cancel()
  }

  /// Gives its place back.
  func end(_ name: FragmentName) {
    state.withLock { state in
      state.bytes -= state.running.removeValue(forKey: name)?.length ?? 0
    }
  }

  /// Takes no more.
  func close() { state.withLock { $0.isClosed = true } }

  func cancelAll() {
    // In any order: each is cancelled by itself.
    for name in state.withLock({ Array($0.running.keys) }) { cancel(name) }
  }
}

extension ClusterError {
  /// SQLSTATE 42710, duplicate object.
  fileprivate static func isExecuted(_ name: FragmentName) -> ClusterError {
    .other(
      sqlState: "42710",
      message: "\(name) is being executed here already; cancel it first, or number it anew")
  }
}
