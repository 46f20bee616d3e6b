/// A sum: `add n` → nothing or the sum afterwards, `read` → the sum.
public struct CounterModel: SequentialModel {
  /// One operation with what is known of its answer; nil is not known.
  public enum Effect: Hashable, Sendable {
    case add(Int64, sum: Int64?)
    case read(Int64?)
  }

  public let initialState: Int64

  /// - Parameter initial: The sum before the first operation.
  public init(initial: Int64 = 0) { initialState = initial }

  public mutating func effect(of operation: HistoryOperation) throws(HistoryFault) -> Effect {
    let sum: Int64?
    switch operation.answer {
    case nil, .nothing: sum = nil
    case .number(let number): sum = number
    default: throw operation.unfit
    }
    switch (operation.operation, operation.argument) {
    case ("add", .number(let number)): return .add(number, sum: sum)
    case ("read", .nothing) where operation.answer != .some(.nothing): return .read(sum)
    default: throw operation.unfit
    }
  }

  public func apply(_ effect: Effect, to state: Int64) -> Int64? {
    switch effect {
    case .add(let number, let sum):
      sum == nil || sum == state &+ number ? state &+ number : nil
    case .read(let sum): sum == nil || sum == state ? state : nil
    }
  }

  public func isRead(_ effect: Effect) -> Bool {
    if case .read = effect { true } else { false }
  }

  public func mark(of state: Int64) -> Int64? { state }

  public func needs(_ effect: Effect) -> Int64? {
    switch effect {
    case .add(let number, let sum): sum.map { $0 &- number }
    case .read(let sum): sum
    }
  }

  public func changes(_ effect: Effect) -> MarkChange {
    switch effect {
    case .add(_, let sum): sum.map(MarkChange.to) ?? .unknown
    case .read: .none
    }
  }

  public func describe(_ state: Int64) -> String { "\(state)" }
}
