import NIOCore
import Synchronization

/// Runs tasks on an event loop. A request whose work is short goes to no other thread and back
/// then, and the answers to many that were written together leave together.
final class LoopExecutor: TaskExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    var isScheduled = false
  }

  private let loop: any EventLoop
  private let state = Mutex(State())

  init(_ loop: any EventLoop) { self.loop = loop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let mustSchedule = state.withLock { state in
      state.jobs.append(job)
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
    if mustSchedule { loop.execute { self.run() } }
  }

  private func run() {
    var jobs: [UnownedJob] = []
    state.withLock { state in
      swap(&jobs, &state.jobs)
      state.isScheduled = false
    }
    let executor = asUnownedTaskExecutor()
    for job in jobs { job.runSynchronously(on: executor) }
  }
}
