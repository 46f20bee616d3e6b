import AionCatalog
import AionModel
import AionWire
import Synchronization

/// Asks the replicas of a group: finds the leader, follows redirects, and asks again what nothing
/// was done about, until the call's time is over.
///
/// As a proposer it makes one attempt that reaches a leader; whether it is safe to make another is
/// the affair of the session around it.
final class GroupLink: CommandProposer {
  let directory: ReplicaDirectory
  let configuration: RemoteConfiguration
  let time: @Sendable () -> ContinuousClock.Instant
  private let chance: Mutex<SplitMix64>

  /// - Parameter time: By which calls end, replicas are left alone, and asked who the members are.
  init(
    _ configuration: RemoteConfiguration,
    time: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.configuration = configuration
    self.time = time
    directory = ReplicaDirectory(configuration, now: time)
    chance = Mutex(SplitMix64(seed: configuration.seed))
  }

  var now: WallTime { .now }

  func propose(_ batch: CommandBatch) async throws(ClusterError) -> Applied {
    guard case .applied(let applied) = try await answer(to: .propose(batch)) else {
      throw .unreadable
    }
    return applied
  }

  func read<Answer: Sendable>(
    _ body: (ClusterSnapshot) throws(ClusterError) -> Answer
  ) async throws(ClusterError) -> Answer {
    try body(try await snapshot())
  }

  func snapshot() async throws(ClusterError) -> ClusterSnapshot {
    try await snapshot(.linearizable)
  }

  /// Waits before the next attempt: longer with each, with jitter.
  ///
  /// - Returns: false when there is no time left for one.
  func pause(before attempt: Int) async -> Bool {
    guard !CallDeadline.isOver, !Task.isCancelled else { return false }
    let most = min(5 << min(attempt, 10), 500)
    let milliseconds = chance.withLock { Int.random(in: most / 2...most, using: &$0) }
    let pause = min(
      .milliseconds(milliseconds), CallDeadline.left(else: configuration.timeout))
    try? await Task.sleep(for: pause)
    return !CallDeadline.isOver && !Task.isCancelled
  }
}

// MARK: - Asking

extension GroupLink {
  /// What one attempt came to.
  private enum Attempt {
    case answered(OperationAnswer)
    /// Nothing was done.
    case notDone(ClusterError)
    /// There is no connection to the replica.
    case notReached(ClusterError)
    /// The replica does not let this client in, nor will it the next time; another may.
    case turnedAway(ClusterError)
    /// Whether anything was done is not known.
    case notKnown(ClusterError)
  }

  /// Asks until there is an answer that is not "ask another".
  ///
  /// - Parameters:
  ///   - address: Whom to ask; nil: the leader, as far as it is known.
  ///   - isTriedOnce: Whether it is the caller who asks again.
  ///   - item: Given what comes before the answer; saying false ends it with `cancelled`.
  /// - Throws: The refusal; `unreachable` when no replica answers in time; `outcomeUnknown` when
  ///   one may have done it and did not say.
  func answer(
    to operation: Operation, at address: Address? = nil, isTriedOnce: Bool = false,
    timeout: Duration? = nil, eachItem item: ([UInt8]) async -> Bool = { _ in true }
  ) async throws(ClusterError) -> OperationAnswer {
    var attempts = 0
    var refusals = 0
    var misses = 0
    while true {
      let failure: ClusterError
      let patience = address == nil ? patience(with: operation, after: attempts) : nil
      switch await attempt(operation, at: address, timeout, patience, eachItem: item) {
      case .answered(.refused(let error)):
        guard address == nil, directory.mayAsk(another: error, for: operation) else { throw error }
        failure = error
      case .answered(let answer):
        discover()
        return answer
      case .notDone(let error): failure = error
      case .notReached(let error):
        misses += 1
        // Another may be there; all of them are tried before anything is waited for.
        if address == nil, !isTriedOnce, !misses.isMultiple(of: directory.addresses.count) {
          continue
        }
        failure = error
      case .turnedAway(let error):
        refusals += 1
        guard address == nil, refusals < directory.addresses.count else { throw error }
        failure = .unreachable(reason: error.message)
      case .notKnown(let error):
        guard operation.mayBeRepeated else { throw error == .cancelled ? error : .outcomeUnknown }
        failure = error
      }
      attempts += 1
      guard !isTriedOnce, failure.isWorthAnother, await pause(before: attempts) else {
        throw Task.isCancelled ? .cancelled : failure
      }
    }
  }

  /// Asks who belongs to the group, beside the call that is under way.
  private func discover() {
    guard directory.isDiscoveryDue() else { return }
    Task {
      guard case .status(let status) = try? await answer(to: .status), !status.members.isEmpty
      else { return }
      directory.learn(members: status.members.compactMap { Address($0.peer.address) })
    }
  }

  /// How long one replica is waited for where asking another is safe and may help; nil: as long as
  /// the call may take.
  private func patience(with operation: Operation, after attempts: Int) -> Duration? {
    operation.isShort ? configuration.attemptTimeout * (1 << min(attempts, 10)) : nil
  }

  private func attempt(
    _ operation: Operation, at fixed: Address?, _ timeout: Duration?, _ patience: Duration?,
    eachItem item: ([UInt8]) async -> Bool
  ) async -> Attempt {
    guard let address = fixed ?? directory.next else {
      return .notDone(.unreachable(reason: "no address of a replica is known"))
    }
    let connection: ClientConnection
    do throws(ConnectionEnd) { connection = try await directory.connection(to: address) } catch {
      directory.failed(address)
      if Task.isCancelled { return .notDone(.cancelled) }
      let failure = ClusterError(error, at: address)
      return error.isFinal ? .turnedAway(failure) : .notReached(failure)
    }
    let left = CallDeadline.left(else: configuration.timeout)
    let time = timeout ?? min(left, patience ?? left)
    let request = Request(operation.encoded(), timeout: time, credit: 64)
    do throws(RequestFailure) {
      let payload = try await connection.call(request, eachItem: item)
      return .answered(try heard(payload, from: address, about: operation))
    } catch {
      return attempt(of: operation, at: address, failedBecause: error)
    }
  }

  private func heard(
    _ payload: [UInt8], from address: Address, about operation: Operation
  ) throws(RequestFailure) -> OperationAnswer {
    let answer: OperationAnswer
    do throws(WireError) { answer = try OperationAnswer(decoding: payload) } catch {
      throw .disconnected(.fault(.undecodable(.response, error)))
    }
    switch answer {
    case .refused(.notLeader(_, let leader)):
      directory.heard(leader: leader.flatMap { Address($0) }, from: address)
    case .refused(.closed), .refused(.storageFailed), .refused(.diskFull):
      directory.failed(address)
    case .applied, .heartbeat: directory.led(address)
    default: break
    }
    return answer
  }

  private func attempt(
    of operation: Operation, at address: Address, failedBecause failure: RequestFailure
  ) -> Attempt {
    switch failure {
    case .cancelled: return .notKnown(.cancelled)
    case .disconnected(let end):
      directory.failed(address)
      return .notKnown(ClusterError(end, at: address))
    case .timedOut:
      directory.unanswered(address)
      return .notKnown(.unreachable(reason: "\(address): \(failure)"))
    case .tooManyRequests(let limit): return .notDone(.busy(.queueFull(limit: limit)))
    case .forbidden, .foreignNode:
      return .notDone(.other(sqlState: "42501", message: failure.description))
    case .notUnderstood: return .notDone(.other(sqlState: "0A000", message: failure.description))
    case .answerTooLong: return .notKnown(.answerTooLong)
    }
  }
}

extension ConnectionEnd {
  /// Whether another attempt at the same replica would end alike.
  var isFinal: Bool {
    switch self {
    case .refused(.unauthenticated), .refused(.cluster), .refused(.version), .tls: true
    case .refused, .closed, .unanswered, .fault, .network: false
    }
  }
}

extension Operation {
  /// Whether asking twice does no more than asking once.
  fileprivate var mayBeRepeated: Bool {
    switch self {
    case .read, .snapshot, .changes, .status, .heartbeat: true
    case .propose, .manage: false
    }
  }

  /// Whether it is answered soon and in one piece, and can be asked again: a write by its session.
  fileprivate var isShort: Bool {
    switch self {
    case .propose, .read, .status, .heartbeat: true
    case .snapshot, .changes, .manage: false
    }
  }
}

extension ClusterError {
  static let unreadable = ClusterError.other(
    sqlState: "08P01", message: "the server answered something else than was asked; upgrade it")

  static let answerTooLong = ClusterError.other(
    sqlState: "54000", message: RequestFailure.answerTooLong.description)

  init(_ end: ConnectionEnd, at address: Address) {
    let reason = "\(address): \(end)"
    self =
      switch end {
      case .refused(.unauthenticated): .other(sqlState: "28000", message: reason)
      // Not `unreachable`, which is worth another attempt.
      case .tls: .other(sqlState: "08001", message: reason)
      default: .unreachable(reason: reason)
      }
  }

  /// Whether another attempt, perhaps elsewhere, may fare better.
  fileprivate var isWorthAnother: Bool {
    switch self {
    case .notLeader, .closed, .unreachable, .busy, .storageFailed, .diskFull: true
    default: false
    }
  }
}

extension ReplicaDirectory {
  /// Whether a refusal says something of the one replica that gave it, and another may answer.
  fileprivate func mayAsk(another refusal: ClusterError, for operation: Operation) -> Bool {
    switch refusal {
    case .notLeader, .closed: true
    // A write that was begun there is the session's to repeat.
    case .storageFailed, .diskFull: operation.mayBeRepeated && addresses.count > 1
    default: false
    }
  }
}

// MARK: - The state

extension GroupLink {
  func answer(
    to query: Query, _ freshness: Freshness
  ) async throws(ClusterError) -> ReadAnswer {
    guard case .read(let answer) = try await answer(to: .read(query, freshness)) else {
      throw .unreadable
    }
    return answer
  }

  func status(at address: Address? = nil) async throws(ClusterError) -> ServiceStatus {
    guard case .status(let status) = try await answer(to: .status, at: address) else {
      throw .unreadable
    }
    return status
  }

  /// The whole state, in pieces.
  func snapshot(_ freshness: Freshness) async throws(ClusterError) -> ClusterSnapshot {
    var attempts = 0
    while true {
      let failure: ClusterError
      do throws(ClusterError) { return try await snapshotOnce(freshness) } catch {
        failure = error
      }
      attempts += 1
      guard failure.isWorthAnother, await pause(before: attempts) else { throw failure }
    }
  }

  private func snapshotOnce(
    _ freshness: Freshness
  ) async throws(ClusterError) -> ClusterSnapshot {
    var reading = SnapshotReading()
    let answer = try await answer(to: .snapshot(freshness), isTriedOnce: true) {
      reading.take($0)
    }
    guard case .snapshot(let end) = answer else { throw .unreadable }
    guard let snapshot = reading.finish(end) else {
      throw .unreachable(reason: "the state that came is not the one that was sent")
    }
    return snapshot
  }

  /// Follows the changes from `index` on.
  ///
  /// - Parameter page: Given each page as it comes; saying false ends it.
  /// - Throws: What ends it; `cancelled` when `page` did.
  func follow(
    from index: LogIndex, eachPage page: (ChangePage) async -> Bool
  ) async throws(ClusterError) {
    let operation = Operation.changes(from: index)
    _ = try await answer(to: operation, isTriedOnce: true, timeout: .seconds(86_400)) { payload in
      guard let heard = try? ChangePage(decoding: payload) else { return false }
      return await page(heard)
    }
  }
}

/// A state while it comes in pieces.
private struct SnapshotReading {
  private var decoder = SnapshotDecoder()
  private var isDamaged = false

  mutating func take(_ chunk: [UInt8]) -> Bool {
    do throws(WireError) { try decoder.read(chunk) } catch { isDamaged = true }
    return true
  }

  /// nil when it is not the state that it should be.
  mutating func finish(_ end: SnapshotEnd) -> ClusterSnapshot? {
    guard !isDamaged, let snapshot = try? decoder.finish(appliedThrough: end.index),
      snapshot.digest == end.digest
    else { return nil }
    return snapshot
  }
}
