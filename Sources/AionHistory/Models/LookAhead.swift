/// What an effect does to the mark of a state (`SequentialModel.mark`).
public enum MarkChange: Hashable, Sendable {
  /// It leaves the mark as it is.
  case none
  /// Where it changes the mark, this is the new one.
  case to(Int64)
  /// It may lead to any.
  case unknown
}

/// What a model may tell of itself beyond need, so that a search sees early where it cannot end
/// well.
///
/// A mark is what is visible of a state: a register's value, a counter's sum.
extension SequentialModel {
  /// Nil when states have none.
  public func mark(of state: State) -> Int64? { nil }

  /// The mark without which the effect cannot be, or, where nobody knows its answer, changes
  /// nothing.
  public func needs(_ effect: Effect) -> Int64? { nil }

  /// Whether there may be states with this mark in which the effect cannot be.
  public func avoids(_ mark: Int64, _ effect: Effect) -> Bool { true }

  /// Where it leads.
  public func changes(_ effect: Effect) -> MarkChange { .unknown }

  /// Whether there may be a way from the state to one that has the mark.
  public func canReach(_ mark: Int64, from state: State) -> Bool { true }

  /// States of which any state that the object can be in is one, or nothing less than one; nil when
  /// there are too many, or nobody knows.
  public var everyState: [State]? { nil }
}
