/// A list that grows: `append v`, `read` → all of it, in order.
///
/// Every list that some read returned, and every beginning of one, has a number. All others are one
/// state, `beyond`: no read tells them apart.
public struct ListModel: SequentialModel {
  /// One operation; lists and values go by number.
  public enum Effect: Hashable, Sendable {
    case append(Int32)
    /// Nil when nobody knows what was read.
    case read(Int32?)
  }

  private struct Longer: Hashable {
    var list: Int32
    var value: Int32
  }

  private var values = Interner<HistoryValue>()
  private var longer: [Longer: Int32] = [:]
  private var texts: [String] = ["[]"]
  /// Each list without its last value; its number is lower.
  private var shorter: [Int32] = [0]

  public let initialState: Int32 = 0
  private static let beyond: Int32 = -1

  /// Begins empty.
  public init() {}

  public mutating func effect(of operation: HistoryOperation) throws(HistoryFault) -> Effect {
    switch (operation.operation, operation.argument, operation.answer) {
    case ("append", let value, nil), ("append", let value, .nothing):
      return .append(values.number(of: value))
    case ("read", .nothing, nil): return .read(nil)
    case ("read", .nothing, .list(let list)): return .read(number(of: list))
    default: throw operation.unfit
    }
  }

  private mutating func number(of list: [HistoryValue]) -> Int32 {
    var number = initialState
    for value in list {
      let step = Longer(list: number, value: values.number(of: value))
      if let known = longer[step] {
        number = known
      } else {
        number = Int32(texts.count)
        longer[step] = number
        texts.append("[… \(value)]")
        shorter.append(step.list)
      }
    }
    return number
  }

  public func apply(_ effect: Effect, to state: Int32) -> Int32? {
    switch effect {
    case .append(let value):
      state == ListModel.beyond
        ? state : longer[Longer(list: state, value: value)] ?? ListModel.beyond
    case .read(let list): list == nil || list == state ? state : nil
    }
  }

  public func isRead(_ effect: Effect) -> Bool {
    if case .read = effect { true } else { false }
  }

  public func mark(of state: Int32) -> Int64? { Int64(state) }

  public func needs(_ effect: Effect) -> Int64? {
    if case .read(let list) = effect { list.map(Int64.init) } else { nil }
  }

  public func changes(_ effect: Effect) -> MarkChange {
    if case .read = effect { .none } else { .unknown }
  }

  /// Lists only grow.
  public func canReach(_ mark: Int64, from state: Int32) -> Bool {
    guard state != ListModel.beyond else { return false }
    var list = Int32(mark)
    while list > state { list = shorter[Int(list)] }
    return list == state
  }

  public var everyState: [Int32]? { [ListModel.beyond] + Array(0..<Int32(texts.count)) }

  public func describe(_ state: Int32) -> String {
    state == ListModel.beyond ? "a list that nobody read" : texts[Int(state)]
  }
}
