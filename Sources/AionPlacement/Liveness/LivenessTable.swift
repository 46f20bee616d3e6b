public import AionModel

/// What the leader of a control plane knows of the nodes that have agents: when each was last heard
/// of, and how far it was (Docs/Decisions/0020-liveness.md).
///
/// It belongs to one leadership and begins empty: nothing of it is replicated, and no clock is
/// read here. A node that the table meets in the catalog has all of its time to live from then on,
/// so that a change of leaders takes no time from anybody. What it decides takes effect through the
/// log only.
public struct LivenessTable: Sendable {
  /// By a clock that is never set, and goes on while the machine sleeps.
  public typealias Instant = ContinuousClock.Instant

  struct Entry: Sendable {
    var registration: NodeRegistration
    /// When it was last heard of, or first met.
    var heard: Instant
    /// Found silent: whether it goes down is being decided in the log.
    var isCondemned = false
    var reports = ReportPair()

    var deadline: Instant { heard + registration.timeToLive.duration }
  }

  private var entries: [NodeID: Entry] = [:]
  private var lastLook: Instant
  private let longestLook: Duration

  /// - Parameters:
  ///   - start: When the leadership began, or later.
  ///   - longestLook: What may pass between two looks at the catalog. Of a longer time the rest
  ///     counts for nobody's silence: the leader was not there to listen.
  public init(from start: Instant, longestLook: Duration) {
    lastLook = start
    self.longestLook = longestLook
  }

  /// The nodes that are watched and not condemned.
  public var count: Int { entries.values.count { !$0.isCondemned } }

  /// By ascending id.
  public var nodes: [NodeID] { entries.keys.sorted() }

  /// What is left before a node can be marked down; zero when that is being decided, nil when it is
  /// not watched.
  public func timeLeft(of node: NodeID, at now: Instant) -> Duration? {
    guard let entry = entries[node] else { return nil }
    return entry.isCondemned ? .zero : max(.zero, entry.deadline - now)
  }

  /// How long a node has not been heard of; nil when it is not watched.
  public func silence(of node: NodeID, at now: Instant) -> Duration? {
    entries[node].map { max(.zero, now - $0.heard) }
  }

  /// What a node told, newest and before; nil when it is not watched.
  func reports(of node: NodeID) -> ReportPair? { entries[node]?.reports }
}

// MARK: - Looking

extension LivenessTable {
  /// Lets time pass, and takes over who is to be watched.
  ///
  /// - Parameter nodes: Of a state that shows every registration that `heard` was told of.
  public mutating func look(at nodes: [NodeDescriptor], now: Instant) {
    let missed = now - lastLook - longestLook
    if missed > .zero {
      for node in Array(entries.keys) { entries[node]?.postpone(by: missed, now: now) }
    }
    lastLook = max(lastLook, now)
    var watched: [NodeID: Entry] = [:]
    for node in nodes where node.isLive {
      guard let registration = node.registration else { continue }
      let known = entries[node.id]
      watched[node.id] =
        known?.registration == registration ? known : Entry(registration: registration, heard: now)
    }
    entries = watched
  }

  /// The nodes that were silent for longer than they undertook, by ascending id. They are condemned
  /// from now on: none of them is told that it is live, until `settle`, or until it registers anew.
  public mutating func takeSilent(at now: Instant) -> [SilentNode] {
    let silent = entries.filter { !$0.value.isCondemned && $0.value.deadline <= now }
      .map { SilentNode(node: $0.key, registration: $0.value.registration.epoch) }
      .sorted { $0.node < $1.node }
    for silent in silent { entries[silent.node]?.isCondemned = true }
    return silent
  }

  /// A node that was condemned was not marked down, and will not be by that decision.
  public mutating func settle(_ silent: SilentNode) {
    guard entries[silent.node]?.registration.epoch == silent.registration else { return }
    entries[silent.node]?.isCondemned = false
  }
}

/// A node that is to be marked down, unless it has registered anew.
public struct SilentNode: Hashable, Sendable {
  public var node: NodeID
  public var registration: PlacementEpoch

  public init(node: NodeID, registration: PlacementEpoch) {
    self.node = node
    self.registration = registration
  }
}

// MARK: - Hearing

extension LivenessTable {
  /// What is to be done about a heartbeat.
  ///
  /// - Parameter node: As the catalog has it now: by a read that was confirmed after the heartbeat
  ///   came, so that no other leader can have begun to count before that.
  public func step(for heartbeat: Heartbeat, of node: NodeDescriptor?) -> HeartbeatStep {
    guard let node else {
      if heartbeat.isGoodbye { return .tell(.departed) }
      return heartbeat.registration == nil ? .register(renewing: nil) : .tell(.removed)
    }
    let isOwn = node.registration?.agent == heartbeat.agent
    if heartbeat.isGoodbye {
      guard isOwn, node.isLive, let registration = node.registration else {
        return .tell(.departed)
      }
      return .depart(registration.epoch)
    }
    if node.isHeldDown { return .tell(.heldDown) }
    if isOwn, node.isLive, let registration = node.registration,
      registration.timeToLive == heartbeat.timeToLive, !isCondemned(node.id, registration)
    {
      return .extend(registration)
    }
    if let renewing = heartbeat.registration, let registration = node.registration, !isOwn,
      registration.epoch > renewing
    {
      return .tell(.superseded(rpcEndpoint: node.rpcEndpoint))
    }
    return .register(renewing: heartbeat.registration)
  }

  private func isCondemned(_ node: NodeID, _ registration: NodeRegistration) -> Bool {
    guard let entry = entries[node] else { return false }
    return entry.isCondemned && entry.registration.epoch == registration.epoch
  }

  /// Counts a heartbeat.
  ///
  /// - Parameter received: When it came, before it was looked at.
  /// - Returns: Whether the node has its whole time to live from then on. Not, when it was
  ///   condemned meanwhile.
  public mutating func heard(
    _ heartbeat: Heartbeat, as registration: NodeRegistration, received: Instant
  ) -> Bool {
    var entry =
      entries[heartbeat.node].flatMap { $0.registration.epoch < registration.epoch ? nil : $0 }
      ?? Entry(registration: registration, heard: received)
    guard entry.registration == registration, !entry.isCondemned else { return false }
    entry.heard = max(entry.heard, received)
    entry.reports.add(heartbeat.progress, at: received)
    entries[heartbeat.node] = entry
    return true
  }
}

/// What is to be done about a heartbeat.
public enum HeartbeatStep: Hashable, Sendable {
  /// It is live as it is registered, and stays so.
  case extend(NodeRegistration)
  /// It registers, for the first time or anew (`Command.registerNode`).
  case register(renewing: PlacementEpoch?)
  /// It goes down (`Command.expireNode`).
  case depart(PlacementEpoch)
  /// Nothing changes.
  case tell(NodeStanding)
}

extension LivenessTable.Entry {
  fileprivate mutating func postpone(by time: Duration, now: LivenessTable.Instant) {
    heard = min(heard + time, now)
  }
}
