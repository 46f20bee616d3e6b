public import AionLog
public import AionModel
public import AionNode
public import AionWire

/// A state machine that remembers, beside its state, what it went through lately: the digests of
/// its states, so that replicas can be compared at every index and not only where they rest, and
/// what each command came to.
///
/// To the node it is a state machine like any other; files and snapshots are those of `Base`.
public struct Watched<Base: StateMachine>: StateMachine {
  private var base: Base
  private var digest: SnapshotDigest
  private var trail: [Step] = []

  /// The state after an index.
  struct Step: Sendable {
    var index: LogIndex
    var digest: SnapshotDigest
    /// Nil where the entry was none of the machine's.
    var entry: Entry?
    /// The state has changed, and those who follow were told nothing.
    var isUntold: Bool
  }

  /// What a command came to.
  struct Entry: Sendable {
    var command: Base.Command
    var result: Result<Base.Outcome, ClusterError>
  }

  /// What applying a command at an index gave; a refusal too has a place in the log.
  public struct Outcome: Sendable {
    public var index: LogIndex
    public var result: Result<Base.Outcome, ClusterError>
  }

  /// The state, with the steps that led to it.
  public struct View: Sendable {
    public var base: Base.View
    var trail: [Step]
  }

  static var longestTrail: Int { 512 }

  public init() { self.init(Base()) }

  public init(_ view: View) { self.init(Base(view.base)) }

  private init(_ base: Base) {
    self.base = base
    digest = Base.summary(of: base.view).digest
  }

  public static func decode(_ bytes: [UInt8]) throws(WireError) -> Base.Command {
    try Base.decode(bytes)
  }

  public mutating func apply(
    _ command: Base.Command, at index: LogIndex
  ) -> Result<Outcome, ClusterError> {
    let result = base.apply(command, at: index)
    let isTold = base.change(by: command, at: index, to: result) != nil
    note(index, Entry(command: command, result: result), isTold: isTold)
    return .success(Outcome(index: index, result: result))
  }

  public mutating func advance(to index: LogIndex) {
    base.advance(to: index)
    note(index, nil, isTold: false)
  }

  private mutating func note(_ index: LogIndex, _ entry: Entry?, isTold: Bool) {
    if trail.count >= Self.longestTrail { trail.removeAll(keepingCapacity: true) }
    let before = digest
    digest = Base.summary(of: base.view).digest
    trail.append(
      Step(index: index, digest: digest, entry: entry, isUntold: digest != before && !isTold))
  }

  public func change(
    by command: Base.Command, at index: LogIndex, to outcome: Result<Outcome, ClusterError>
  ) -> Base.Change? {
    base.change(by: command, at: index, to: outcome.flatMap(\.result))
  }

  public var view: View { View(base: base.view, trail: trail) }

  public static func summary(of view: View) -> StateSummary { Base.summary(of: view.base) }

  public static func encode(
    _ view: View, write: ([UInt8], Int) throws(LogFault) -> Void
  ) throws(LogFault) {
    try Base.encode(view.base, write: write)
  }

  public static func decode(
    at index: LogIndex, next: () throws(NodeFault) -> [UInt8]?
  ) throws(NodeFault) -> View {
    View(base: try Base.decode(at: index, next: next), trail: [])
  }
}
