import AionCatalog
import AionModel

/// The sessions of the clients, and what their writes came to.
///
/// Two clients share a session, each at its own pace, as the tasks of one process do: so there are
/// writes that were begun and not answered before and after those that were.
struct CatalogSessions {
  private var sessions: [Sharers: ClientSession] = [:]
  /// The outcome of each write, and where it came to it.
  private var outcomes: [SessionReplyKey: (encoded: [UInt8], at: LogIndex)] = [:]

  private struct Sharers: Hashable {
    private let number: UInt32

    init(_ client: ClientID) { number = client.rawValue / 2 }
  }

  func isOpen(for client: ClientID) -> Bool { sessions[Sharers(client)] != nil }

  mutating func open(_ id: SessionID, for client: ClientID) {
    sessions[Sharers(client)] = ClientSession(id: id)
  }

  /// What the next write of a client carries; nil without a session.
  mutating func begin(for client: ClientID) -> SessionStamp? {
    guard let sequence = try? sessions[Sharers(client)]?.begin() else { return nil }
    return sessions[Sharers(client)]?.stamp(sequence)
  }

  /// The client has been answered, or asks no more.
  mutating func end(_ stamp: SessionStamp?, of client: ClientID) {
    guard let stamp, sessions[Sharers(client)]?.id == stamp.session else { return }
    sessions[Sharers(client)]?.end(stamp.sequence)
  }

  /// A write stands in the log, perhaps not for the first time: it must come to the same.
  mutating func note(
    _ result: Result<Applied, ClusterError>, of stamp: SessionStamp, at index: LogIndex
  ) -> Complaint? {
    if case .failure(let error) = result, error.isNoOutcome { return nil }
    let write = SessionReplyKey(session: stamp.session, sequence: stamp.sequence)
    // As it is kept: without words.
    let encoded = SessionReply(result, key: write).encoded
    guard let known = outcomes[write] else {
      outcomes[write] = (encoded, index)
      return nil
    }
    guard known.encoded != encoded else { return nil }
    return Complaint(
      .exactlyOnce,
      "write \(write.sequence) of session \(write.session) stands at \(known.at) and at \(index), "
        + "and comes to different ends; the latter is \(result)")
  }
}

extension ClusterError {
  /// Whether the state machine has not decided a write by this, now or ever.
  fileprivate var isNoOutcome: Bool {
    switch self {
    case .sessionExpired, .sequenceAnswered, .limitExceeded(.unansweredPerSession, _, _),
      .limitExceeded(.unansweredOutcomesLength, _, _):
      true
    default: false
    }
  }
}
