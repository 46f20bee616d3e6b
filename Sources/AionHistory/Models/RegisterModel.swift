/// One value: `read`, `write v`, `cas [expected, v]` → true or false.
public struct RegisterModel: SequentialModel {
  /// Values by number.
  public enum Effect: Hashable, Sendable {
    case read(Int32?)
    case write(Int32)
    case exchange(expected: Int32, new: Int32, answer: Bool?)
  }

  private var values = Interner<HistoryValue>()
  public private(set) var initialState: Int32

  /// - Parameter initial: The value before the first write.
  public init(initial: HistoryValue = .nothing) { initialState = values.number(of: initial) }

  public mutating func effect(
    of operation: HistoryOperation
  ) throws(HistoryFault) -> Effect {
    switch (operation.operation, operation.argument) {
    case ("read", .nothing): return .read(operation.answer.map { values.number(of: $0) })
    case ("write", let value) where operation.answer ?? .nothing == .nothing:
      return .write(values.number(of: value))
    case ("cas", .list(let pair)) where pair.count == 2:
      let expected = values.number(of: pair[0])
      let new = values.number(of: pair[1])
      return .exchange(
        expected: expected, new: new, answer: try operation.flagAnswer())
    default: throw operation.unfit
    }
  }

  public func apply(_ effect: Effect, to state: Int32) -> Int32? {
    switch effect {
    case .read(let value): value == nil || value == state ? state : nil
    case .write(let value): value
    case .exchange(let expected, let new, let answer):
      if answer ?? (state == expected) != (state == expected) {
        nil
      } else {
        state == expected ? new : state
      }
    }
  }

  public func isRead(_ effect: Effect) -> Bool {
    switch effect {
    case .read, .exchange(_, _, answer: false): true
    case .write, .exchange: false
    }
  }

  public func mark(of state: Int32) -> Int64? { Int64(state) }

  public func needs(_ effect: Effect) -> Int64? {
    switch effect {
    case .read(let value): value.map(Int64.init)
    case .exchange(let expected, _, let answer): answer == false ? nil : Int64(expected)
    case .write: nil
    }
  }

  public func avoids(_ mark: Int64, _ effect: Effect) -> Bool {
    switch effect {
    case .read, .write: false
    case .exchange(let expected, _, let answer): answer == false && Int64(expected) == mark
    }
  }

  public func changes(_ effect: Effect) -> MarkChange {
    switch effect {
    case .read, .exchange(_, _, answer: false): .none
    case .write(let value), .exchange(_, let value, _): .to(Int64(value))
    }
  }

  public var everyState: [Int32]? { Array(0..<Int32(values.values.count)) }

  public func describe(_ state: Int32) -> String { "\(values[state])" }
}

extension HistoryOperation {
  func flagAnswer() throws(HistoryFault) -> Bool? {
    switch answer {
    case nil: return nil
    case .flag(let flag): return flag
    default: throw unfit
    }
  }

  func textArgument() throws(HistoryFault) -> String {
    guard case .text(let text) = argument else { throw unfit }
    return text
  }
}
