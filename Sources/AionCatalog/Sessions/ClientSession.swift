public import AionModel

/// The client's side of a session: gives out sequences, knows which are unanswered, and says what
/// may be sent again after which error. A value; it sends nothing itself.
///
///     let sequence = try session.begin()
///     batch.stamp = session.stamp(sequence)      // anew for each attempt
///     … send it until there is an answer: `ClientSession.retry(after:)` …
///     session.end(sequence)
public struct ClientSession: Hashable, Sendable {
  public let id: SessionID
  private var next = SequenceNumber.first
  /// Given out and not ended, ascending.
  private var open: [SequenceNumber] = []

  public init(id: SessionID) { self.id = id }

  /// Every write below was answered.
  public var answeredBelow: SequenceNumber { open.first ?? next }

  /// How many writes were begun and not ended.
  public var unansweredCount: Int { open.count }

  /// Begins a write.
  ///
  /// - Throws: `busy` when one that is as old as the state remembers is still unanswered.
  public mutating func begin() throws(ClusterError) -> SequenceNumber {
    guard next.rawValue - answeredBelow.rawValue < Limits.unansweredPerSession else {
      throw .busy(.queueFull(limit: Limits.unansweredPerSession))
    }
    defer { next = next.next }
    open.append(next)
    return next
  }

  /// What one attempt at a write carries.
  ///
  /// - Precondition: The write was begun and not ended.
  public func stamp(_ sequence: SequenceNumber) -> SessionStamp {
    precondition(place(of: sequence) != nil, "\(sequence) is not among the unanswered \(open)")
    return SessionStamp(session: id, sequence: sequence, answeredBelow: answeredBelow)
  }

  /// Ends a write: it was answered, or nobody will ask for its answer any more.
  public mutating func end(_ sequence: SequenceNumber) {
    if let place = place(of: sequence) { open.remove(at: place) }
  }

  private func place(of sequence: SequenceNumber) -> Int? {
    var low = 0
    var high = open.count
    while low < high {
      let middle = (low + high) / 2
      if open[middle] < sequence { low = middle + 1 } else { high = middle }
    }
    return low < open.count && open[low] == sequence ? low : nil
  }
}

extension ClientSession {
  /// What to do with a write after an attempt at it has failed.
  public enum Retry: Hashable, Sendable {
    /// The error is the answer, and stays so however often one asks.
    case never
    /// The same stamp, after a while: nothing was decided, or what was decided is not known.
    case again
    /// The same stamp, to another replica or to this one when it is well again.
    case elsewhere
    /// The session is gone. In a new one it is safe only when every attempt before was known to
    /// have changed nothing.
    case inNewSession
  }

  /// With a stamp a retry is always safe, until the session is gone.
  public static func retry(after error: ClusterError) -> Retry {
    switch error {
    case .outcomeUnknown, .busy, .limitExceeded(.unansweredPerSession, _, _),
      .limitExceeded(.unansweredOutcomesLength, _, _):
      .again
    case .notLeader, .closed, .diskFull, .storageFailed: .elsewhere
    case .sessionExpired: .inNewSession
    default: .never
    }
  }
}
