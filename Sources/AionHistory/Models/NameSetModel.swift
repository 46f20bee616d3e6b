/// A set of names, such as the databases: `create n` → its id, or true; false when the name is
/// taken. `drop n` → true, or false when there is none. `rename [old, new]` → true or false.
/// `contains n` → true or false. `list` → all of them, sorted.
///
/// Ids rise, so that none is used twice, and not after a drop either.
public struct NameSetModel: SequentialModel {
  /// The names that are taken, and how far ids have been given.
  public struct State: Hashable, Sendable {
    /// By number, ascending.
    var names: [Int32]
    /// At least the greatest id that was ever given.
    var greatestID: Int64
  }

  /// One operation with what is known of its answer; nil is not known.
  public enum Effect: Hashable, Sendable {
    case create(Int32, done: Bool?, id: Int64?)
    case drop(Int32, done: Bool?)
    case rename(Int32, Int32, done: Bool?)
    case contains(Int32, Bool?)
    case list([Int32]?)
  }

  private var names = Interner<String>()
  public private(set) var initialState: State

  /// - Parameters:
  ///   - names: What there is before the first operation.
  ///   - greatestID: The greatest id that was given by then.
  public init(_ names: [String] = [], greatestID: Int64 = 0) {
    initialState = State(names: [], greatestID: greatestID)
    for name in names { initialState.insert(self.names.number(of: name)) }
  }

  public mutating func effect(of operation: HistoryOperation) throws(HistoryFault) -> Effect {
    switch operation.operation {
    case "create":
      let name = names.number(of: try operation.textArgument())
      if case .number(let id) = operation.answer { return .create(name, done: true, id: id) }
      return .create(name, done: try operation.flagAnswer(), id: nil)
    case "drop":
      let name = names.number(of: try operation.textArgument())
      return .drop(name, done: try operation.flagAnswer())
    case "contains":
      let name = names.number(of: try operation.textArgument())
      return .contains(name, try operation.flagAnswer())
    case "rename":
      guard case .list(let pair) = operation.argument, pair.count == 2,
        case .text(let old) = pair[0], case .text(let new) = pair[1]
      else { throw operation.unfit }
      let numbers = (names.number(of: old), names.number(of: new))
      return .rename(numbers.0, numbers.1, done: try operation.flagAnswer())
    case "list" where operation.argument == .nothing: return .list(try listed(by: operation))
    default: throw operation.unfit
    }
  }

  private mutating func listed(by operation: HistoryOperation) throws(HistoryFault) -> [Int32]? {
    guard let answer = operation.answer else { return nil }
    guard case .list(let list) = answer else { throw operation.unfit }
    var state = State(names: [], greatestID: 0)
    for value in list {
      guard case .text(let name) = value, state.insert(names.number(of: name)) else {
        throw operation.unfit
      }
    }
    return state.names
  }

  public func apply(_ effect: Effect, to state: State) -> State? {
    var after = state
    switch effect {
    case .create(let name, let done, let id):
      let isDone = after.insert(name)
      guard done ?? isDone == isDone else { return nil }
      if isDone {
        if let id, id <= state.greatestID { return nil }
        after.greatestID = id ?? state.greatestID + 1
      }
    case .drop(let name, let done):
      let isDone = after.remove(name)
      guard done ?? isDone == isDone else { return nil }
    case .rename(let old, let new, let done):
      let isDone = state.has(old) && (old == new || !state.has(new))
      guard done ?? isDone == isDone else { return nil }
      if isDone {
        after.remove(old)
        after.insert(new)
      }
    case .contains(let name, let answer):
      guard answer ?? state.has(name) == state.has(name) else { return nil }
    case .list(let names): guard names ?? state.names == state.names else { return nil }
    }
    return after
  }

  public func isRead(_ effect: Effect) -> Bool {
    switch effect {
    case .contains, .list: true
    case .create(_, let done, _), .drop(_, let done), .rename(_, _, let done): done == false
    }
  }

  public func describe(_ state: State) -> String {
    "{" + state.names.map { names[$0] }.sorted().joined(separator: ", ") + "}"
  }
}

extension NameSetModel.State {
  /// Whether it was not there before.
  @discardableResult
  fileprivate mutating func insert(_ name: Int32) -> Bool {
    let place = place(of: name)
    guard place == names.count || names[place] != name else { return false }
    names.insert(name, at: place)
    return true
  }

  @discardableResult
  fileprivate mutating func remove(_ name: Int32) -> Bool {
    let place = place(of: name)
    guard place < names.count, names[place] == name else { return false }
    names.remove(at: place)
    return true
  }

  fileprivate func has(_ name: Int32) -> Bool {
    let place = place(of: name)
    return place < names.count && names[place] == name
  }

  private func place(of name: Int32) -> Int {
    var range = 0..<names.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = names[middle] < name ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }
}
