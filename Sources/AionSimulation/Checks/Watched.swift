public import AionLog
public import AionModel
public import AionNode
public import AionWire

/// A state machine that remembers, beside its state, the digests of the states that it went
/// through lately, so that replicas can be compared at every index and not only where they rest.
///
/// To the node it is a state machine like any other; files and snapshots are those of `Base`.
public struct Watched<Base: StateMachine>: StateMachine {
  private var base: Base
  private var trail: [Step] = []

  /// The state after an index.
  struct Step: Sendable {
    var index: LogIndex
    var digest: SnapshotDigest
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

  public init() { base = Base() }

  public init(_ view: View) { base = Base(view.base) }

  public static func decode(_ bytes: [UInt8]) throws(WireError) -> Base.Command {
    try Base.decode(bytes)
  }

  public mutating func apply(
    _ command: Base.Command, at index: LogIndex
  ) -> Result<Outcome, ClusterError> {
    let result = base.apply(command, at: index)
    note(index)
    return .success(Outcome(index: index, result: result))
  }

  public mutating func advance(to index: LogIndex) {
    base.advance(to: index)
    note(index)
  }

  private mutating func note(_ index: LogIndex) {
    if trail.count >= Self.longestTrail { trail.removeAll(keepingCapacity: true) }
    trail.append(Step(index: index, digest: Base.summary(of: base.view).digest))
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
