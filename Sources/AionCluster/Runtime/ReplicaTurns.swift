import AionNode
import Dispatch
import Synchronization

/// Has a replica take its turns on a thread that does other things, too, whenever something comes
/// for it and whenever time has passed that it waited for.
final class ReplicaTurns: Sendable {
  fileprivate struct State: ~Copyable {
    var runner: NodeRunner?
    /// When the thread looks in, whatever happens: alarms that are set and have not gone off.
    var alarms: [DispatchTime] = []
    /// The thread is left to others for a moment, whatever comes.
    var isPausing = false
  }

  /// Rounds in a row. An event loop looks at its connections only when no task of it is due: no
  /// turn then is, for a moment.
  private static let rounds = 2
  private static let moment = Duration.microseconds(10)

  private let thread: any ReplicaThread
  private let ending = Ending()
  // Nobody but the thread takes it.
  private let state = Mutex(State())
  private let isOver = Atomic<Bool>(false)

  init(on thread: any ReplicaThread) { self.thread = thread }

  /// Opens the directory, here and now, and takes turns until the replica's queue is closed.
  func open(_ setup: ReplicaSetup, opened: @Sendable (NodeRunner.Opened) -> Void) {
    do throws(NodeFault) {
      try state.withLock { [self] state throws(NodeFault) in
        state.runner = try NodeRunner(
          opening: setup, ending: ending,
          wakeUp: { [self] in wakeUp() }, opened: opened)
      }
      takeTurn()
    } catch {
      opened(.failure(error))
      end()
    }
  }

  /// Something has come; said by any thread. Nobody is there afterwards, nor perhaps the thread.
  private func wakeUp() {
    if !isOver.load(ordering: .acquiring) { thread.run { [self] in takeTurn() } }
  }

  private func end() {
    isOver.store(true, ordering: .releasing)
    // The node is gone by the end of this, and the directory's lock with it.
    state.withLock { $0.runner = nil }
    ending.reach()
  }

  private func takeTurn() {
    // What has come meanwhile is seen at the end of the pause.
    if state.withLock({ $0.isPausing }) { return }
    for _ in 0..<Self.rounds {
      switch state.withLock({ $0.turn() }) {
      case .again: continue
      case .rest(let end): return rest(until: end)
      case .over: return end()
      }
    }
    state.withLock { $0.isPausing = true }
    thread.run(after: Self.moment) { [self] in
      state.withLock { $0.isPausing = false }
      takeTurn()
    }
  }

  private func rest(until end: DispatchTime) {
    guard state.withLock({ $0.setAlarm(for: end) }) else { return }
    let now = DispatchTime.now().uptimeNanoseconds
    let pause = end.uptimeNanoseconds > now ? end.uptimeNanoseconds - now : 0
    thread.run(after: .nanoseconds(pause)) { [self] in
      state.withLock { $0.alarms.removeAll { $0 == end } }
      takeTurn()
    }
  }
}

extension ReplicaTurns.State {
  /// What is due at one time is not asked for to the nanosecond each time.
  private static var slack: DispatchTimeInterval { .microseconds(100) }

  /// - Returns: false when one that is set goes off by then.
  fileprivate mutating func setAlarm(for end: DispatchTime) -> Bool {
    let latest = end + Self.slack
    guard alarms.allSatisfy({ $0 > latest }) else { return false }
    alarms.append(end)
    return true
  }

  fileprivate mutating func turn() -> NodeRunner.Turn { runner?.turn() ?? .over }
}
