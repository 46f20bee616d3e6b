public import AionModel
import Synchronization

/// Makes the writes of another proposer happen exactly once: each goes with a stamp, and again with
/// the same one while its outcome is not known.
///
///     let plane = SessionProposer(remote) { attempt in await pause(for: attempt) }
///     try await plane.createDatabase(…)
///
/// It opens its session with the first write, and a new one when that has expired. Any number of
/// tasks may use it at a time. Reads go to the other proposer as they are.
public final class SessionProposer<Base: CommandProposer>: CommandProposer, ControlPlane,
  ClusterCatalog, TxnCoordinator
{
  /// What is to be tried again.
  public struct Attempt: Hashable, Sendable {
    /// How many were made so far: 1, 2, …
    public var number: Int
    /// What the last one came to.
    public var error: ClusterError
  }

  private struct State {
    var session: ClientSession?
    /// The one opening of a session that all wait for.
    var opening: Task<SessionID, any Error>?
  }

  /// Where the batches go.
  public let base: Base
  private let pause: @Sendable (Attempt) async -> Bool
  private let state = Mutex(State())

  /// - Parameter pause: Waits as long as is right before the next attempt, by whatever clock; false
  ///   gives up, and the caller hears of what the last attempt came to.
  public init(_ base: Base, pause: @escaping @Sendable (Attempt) async -> Bool) {
    self.base = base
    self.pause = pause
  }

  public var now: WallTime { base.now }

  /// The session that writes go into, once there is one.
  public var session: SessionID? { state.withLock { $0.session?.id } }

  public func read<Answer: Sendable>(
    _ body: (ClusterSnapshot) throws(ClusterError) -> Answer
  ) async throws(ClusterError) -> Answer {
    try await base.read(body)
  }

  public func snapshot() async throws(ClusterError) -> ClusterSnapshot {
    try await base.snapshot()
  }
}

// MARK: - Writing

extension SessionProposer {
  /// Proposes the batch until its outcome is known; one that has a stamp already goes as it is.
  ///
  /// - Throws: The refusal of the state machine; what the last attempt came to when there is no
  ///   further one. `outcomeUnknown` when an attempt may have been made and no answer can be had.
  public func propose(_ batch: CommandBatch) async throws(ClusterError) -> Applied {
    guard batch.stamp == nil else { return try await base.propose(batch) }
    var progress = Progress()
    while true {
      let session = try await openSession(&progress)
      guard let sequence = try begin(in: session) else { continue }
      let outcome = await outcome(of: batch, sequence, in: session, &progress)
      end(sequence, in: session)
      guard case .failure(.sessionExpired(session)) = outcome, !progress.mayBeMade,
        await mayRetry(&progress, after: .sessionExpired(session))
      else { return try progress.told(outcome) }
    }
  }

  /// Closes the session, so that the state need not remember it until it is the oldest.
  ///
  /// - Throws: As `propose`.
  public func closeSession() async throws(ClusterError) {
    let closed = state.withLock { state in
      defer { state.session = nil }
      return state.session?.id
    }
    if let closed { _ = try await base.propose(.closeSession(closed)) }
  }

  /// What is known of a write while it is tried.
  private struct Progress {
    var attempts = 0
    /// An attempt was left open.
    var mayBeMade = false

    /// An error of the last attempt must not hide that one before it was left open.
    func told(_ outcome: BatchOutcome) throws(ClusterError) -> Applied {
      if case .failure(let error) = outcome, mayBeMade, !error.leavesChangeOpen,
        ClientSession.retry(after: error) != .never
      {
        throw .outcomeUnknown
      }
      return try outcome.get()
    }
  }

  private func outcome(
    of batch: CommandBatch, _ sequence: SequenceNumber, in session: SessionID,
    _ progress: inout Progress
  ) async -> BatchOutcome {
    var stamped = batch
    while true {
      guard let stamp = stamp(sequence, in: session) else {
        return .failure(.sessionExpired(session))
      }
      stamped.stamp = stamp
      do throws(ClusterError) {
        return .success(try await base.propose(stamped))
      } catch {
        if error.leavesChangeOpen { progress.mayBeMade = true }
        switch ClientSession.retry(after: error) {
        case .never: return .failure(error)
        case .inNewSession:
          forget(session)
          return .failure(error)
        case .again, .elsewhere:
          guard await mayRetry(&progress, after: error) else { return .failure(error) }
        }
      }
    }
  }

  private func mayRetry(_ progress: inout Progress, after error: ClusterError) async -> Bool {
    progress.attempts += 1
    return await pause(Attempt(number: progress.attempts, error: error))
  }
}

// MARK: - The session

extension SessionProposer {
  /// The session, which is opened when there is none.
  private func openSession(_ progress: inout Progress) async throws(ClusterError) -> SessionID {
    while true {
      if let session { return session }
      do throws(ClusterError) {
        return try await openedSession()
      } catch {
        let retry = ClientSession.retry(after: error)
        guard retry == .again || retry == .elsewhere, await mayRetry(&progress, after: error)
        else { throw error }
      }
    }
  }

  /// One try. A session that was opened and not heard of makes room for others in time.
  private func openedSession() async throws(ClusterError) -> SessionID {
    let base = base
    let opening = state.withLock { state -> Task<SessionID, any Error> in
      if let opening = state.opening { return opening }
      let opening = Task<SessionID, any Error> {
        guard case .opened(let session) = try await base.outcome(of: .openSession) else {
          preconditionFailure("opening a session answered something else")
        }
        return session
      }
      state.opening = opening
      return opening
    }
    let opened = await opening.result
    state.withLock { state in
      guard state.opening == opening else { return }
      state.opening = nil
      if case .success(let session) = opened { state.session = ClientSession(id: session) }
    }
    do { return try opened.get() } catch { throw error as? ClusterError ?? .cancelled }
  }

  /// nil when the session has been given up meanwhile.
  private func begin(in session: SessionID) throws(ClusterError) -> SequenceNumber? {
    try state.withLock { state throws(ClusterError) in
      state.session?.id == session ? try state.session?.begin() : nil
    }
  }

  private func stamp(_ sequence: SequenceNumber, in session: SessionID) -> SessionStamp? {
    state.withLock { $0.session?.id == session ? $0.session?.stamp(sequence) : nil }
  }

  private func end(_ sequence: SequenceNumber, in session: SessionID) {
    state.withLock { if $0.session?.id == session { $0.session?.end(sequence) } }
  }

  private func forget(_ session: SessionID) {
    state.withLock { if $0.session?.id == session { $0.session = nil } }
  }
}
