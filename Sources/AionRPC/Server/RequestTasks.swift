import NIOCore
import Synchronization

/// The tasks in which requests are worked on, of all connections of a process.
final class RequestTasks: Sendable {
  private struct State {
    var running = 0
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let executors: [ObjectIdentifier: LoopExecutor]
  private let state = Mutex(State())

  /// - Parameter group: The event loops of all connections.
  init(on group: any EventLoopGroup) {
    executors = Dictionary(
      uniqueKeysWithValues: group.makeIterator().map { (ObjectIdentifier($0), LoopExecutor($0)) })
  }

  /// Begins one; called on the event loop of its connection.
  ///
  /// - Parameter isBrief: Whether its work is so short that it may be done on the event loop, from
  ///   now on until it has to wait, and whenever it goes on.
  func begin(
    on loop: any EventLoop, isBrief: Bool, _ work: @escaping @Sendable () async -> Void
  ) -> Task<Void, Never> {
    state.withLock { $0.running += 1 }
    let body: @Sendable () async -> Void = {
      await work()
      self.ended()
    }
    guard isBrief else { return Task(operation: body) }
    return Task.immediate(executorPreference: executor(of: loop), operation: body)
  }

  /// What does work of other threads on one of the event loops.
  func executor(of loop: any EventLoop) -> LoopExecutor {
    guard let executor = executors[ObjectIdentifier(loop)] else {
      preconditionFailure("a connection on an event loop of others")
    }
    return executor
  }

  /// Waits until there is no task left, and leaves the event loops alone from then on.
  func close() async {
    await waitForAll()
    for executor in executors.values { executor.close() }
  }

  /// Waits until none is left. Those of connections that have ended are cancelled, and end soon.
  func waitForAll() async {
    await withCheckedContinuation { continuation in
      let isIdle = state.withLock { state in
        if state.running > 0 { state.waiting.append(continuation) }
        return state.running == 0
      }
      if isIdle { continuation.resume() }
    }
  }

  private func ended() {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.running -= 1
      guard state.running == 0 else { return [] }
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}
