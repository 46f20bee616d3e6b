import AionModel
import Synchronization

/// The heartbeats of one agent.
final class AgentPulse: Sendable {
  private struct State {
    var lease = AgentLease()
    var chance: SplitMix64
    var heartbeats = 0
    var failures = 0
    var lastFailure: ClusterError?
    var isStopping = false
    /// What a wait between two heartbeats waits for.
    var pause: Task<Void, Never>?
  }

  let timeToLive: TimeToLive
  private let configuration: NodeAgent.Configuration
  private let plane: RemoteControlPlane
  private let agent: AgentID
  private let state: Mutex<State>

  init(
    _ configuration: NodeAgent.Configuration, _ timeToLive: TimeToLive, _ plane: RemoteControlPlane
  ) {
    self.configuration = configuration
    self.timeToLive = timeToLive
    self.plane = plane
    agent = AgentID(.random(in: 1...UInt64.max))
    state = Mutex(State(chance: SplitMix64(seed: agent.rawValue)))
  }

  var validFor: Duration { state.withLock { $0.lease.validFor(at: .now) } }

  var status: NodeAgent.Status {
    state.withLock { state in
      NodeAgent.Status(
        standing: state.lease.standing ?? .departed, validFor: state.lease.validFor(at: .now),
        registration: state.lease.registration, isDraining: state.lease.isDraining,
        catalogVersion: state.lease.catalogVersion, placementEpoch: state.lease.placementEpoch,
        heartbeats: state.heartbeats, failures: state.failures, lastFailure: state.lastFailure)
    }
  }

  /// One heartbeat and what came of it.
  ///
  /// - Parameter patience: How long it may take; nil: as long as a call.
  func beat(patience: Duration?, isGoodbye: Bool = false) async throws(ClusterError) {
    var heartbeat = Heartbeat(
      node: configuration.node, rpcEndpoint: configuration.rpcEndpoint, agent: agent,
      timeToLive: timeToLive, progress: await configuration.progress(), isGoodbye: isGoodbye)
    let sent = ContinuousClock.now
    heartbeat.registration = state.withLock { state in
      state.heartbeats += 1
      return state.lease.registration
    }
    do throws(ClusterError) {
      let group = patience.map { plane.within($0) } ?? plane
      let answer = try await group.heartbeat(heartbeat)
      take(answer, sent: sent)
    } catch {
      state.withLock { state in
        state.failures += 1
        state.lastFailure = error
      }
      throw error
    }
  }

  private func take(_ answer: HeartbeatAnswer, sent: ContinuousClock.Instant) {
    let pause = state.withLock { state -> Task<Void, Never>? in
      state.lastFailure = nil
      state.lease.take(answer, sent: sent)
      // What is answered to a heartbeat that went before the end must not bring it back.
      if state.isStopping { state.lease.relinquish() }
      return answer.standing.isFinal ? state.pause : nil
    }
    pause?.cancel()
  }

  /// Goes on until the node cannot be this process any more, or it is stopped.
  ///
  /// - Returns: Why; nil when it was stopped.
  func beatOn() async -> NodeStanding? {
    while true {
      await pause()
      let (isStopping, standing) = state.withLock { ($0.isStopping, $0.lease.standing) }
      if Task.isCancelled || isStopping { return nil }
      if let standing, standing.isFinal { return standing }
      try? await beat(patience: interval)
    }
  }

  /// No further heartbeat goes; one that is under way comes to its end.
  func stop() {
    let pause = state.withLock { state in
      state.isStopping = true
      state.lease.relinquish()
      return state.pause
    }
    pause?.cancel()
  }

  private var interval: Duration { timeToLive.duration / 3 }

  /// Until the next heartbeat is due: a third of the time to live after the last one was sent that
  /// was answered, a little less by chance, so that nodes that began together do not stay together.
  private func pause() async {
    let pause = state.withLock { state -> Task<Void, Never>? in
      guard !state.isStopping, state.lease.standing?.isFinal != true else { return nil }
      let permille = Int.random(in: 850...1_000, using: &state.chance)
      let time: Duration
      if state.lastFailure == nil, let answered = state.lease.answered {
        time = max(.zero, answered + interval * permille / 1_000 - .now)
      } else {
        time = interval / 10 * permille / 1_000
      }
      let pause = Task { _ = try? await Task.sleep(for: time) }
      state.pause = pause
      return pause
    }
    guard let pause else { return }
    await withTaskCancellationHandler {
      await pause.value
    } onCancel: {
      pause.cancel()
    }
  }
}
