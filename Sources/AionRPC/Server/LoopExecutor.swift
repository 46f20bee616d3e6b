import NIOCore
import Synchronization

/// Does work of other threads on an event loop: what tasks have to do there, and what else it is
/// given. A request whose work is short goes to no other thread and back then, and the answers to
/// many that were written together leave together.
final class LoopExecutor: TaskExecutor {
  private enum Work {
    case job(UnownedJob)
    case call(@Sendable () -> Void)
  }

  private struct State {
    var work: [Work] = []
    var isScheduled = false
    var isClosed = false
  }

  private let loop: any EventLoop
  private let state = Mutex(State())

  init(_ loop: any EventLoop) { self.loop = loop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    add { $0.append(.job(job)) }
  }

  /// Runs `body` on the event loop, soon; at once when this is it. Not after `close`.
  func run(_ body: @escaping @Sendable () -> Void) {
    if loop.inEventLoop { body() } else { add(unlessClosed: true) { $0.append(.call(body)) } }
  }

  /// Nobody is there any more for whom `run` would do anything.
  func close() { state.withLock { $0.isClosed = true } }

  private func add(unlessClosed: Bool = false, _ append: (inout [Work]) -> Void) {
    let mustSchedule = state.withLock { state in
      if unlessClosed, state.isClosed { return false }
      append(&state.work)
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
    if mustSchedule { loop.execute { self.runAll() } }
  }

  private func runAll() {
    var all: [Work] = []
    state.withLock { state in
      swap(&all, &state.work)
      state.isScheduled = false
    }
    let executor = asUnownedTaskExecutor()
    for work in all {
      switch work {
      case .job(let job): job.runSynchronously(on: executor)
      case .call(let body): body()
      }
    }
  }
}
