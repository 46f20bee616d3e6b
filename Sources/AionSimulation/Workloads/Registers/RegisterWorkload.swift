import AionHistory
public import AionModel

/// Clients that put, add, exchange and read, and repeat what they heard nothing of.
public struct RegisterWorkload: Workload {
  /// The registers.
  public typealias Machine = RegisterMachine

  public static var name: String { "registers" }

  /// Registers under even keys are only ever added to.
  private let keys: Int
  private var numbers: [ClientID: UInt64] = [:]
  private var nextValue: UInt64 = 0
  /// What was added for certain, and what perhaps, by key.
  private var added = SmallTable<UInt64>()
  private var perhapsAdded = SmallTable<UInt64>()
  private var recorder = HistoryRecorder()

  public init(seed: UInt64) {
    var chance = SplitMix64(seed: seed)
    keys = chance.number(in: 2...6)
  }

  public mutating func next(
    for client: ClientID, at now: WallTime, _ chance: inout SplitMix64
  ) -> Request<RegisterMachine.Command, UInt64> {
    let key = UInt64(chance.below(keys))
    if chance.below(3) == 0 {
      recorder.invoke("read", on: Self.object(key), by: client, at: now)
      return .read(key)
    }
    let number = (numbers[client] ?? 0) + 1
    numbers[client] = number
    nextValue += 1
    let action: RegisterMachine.Action =
      if key.isMultiple(of: 2) {
        .add(UInt64(chance.number(in: 1...9)))
      } else if chance.below(3) == 0 {
        .exchange(UInt64(chance.below(Int(nextValue))), for: nextValue)
      } else {
        .put(nextValue)
      }
    let command = RegisterMachine.Command(
      client: UInt64(client.rawValue), number: number, key: key, action: action)
    let (name, argument) = action.asOperation
    recorder.invoke(name, argument, on: Self.object(key), by: client, at: now)
    return .write(command, encoded: command.encoded(), isRepeatable: true)
  }

  public func answer(_ query: UInt64, from view: Registers) -> UInt64 { view.values[query] ?? 0 }

  private static func object(_ key: UInt64) -> HistoryKey {
    HistoryKey(kind: key.isMultiple(of: 2) ? "counter" : "register", name: "\(key)")
  }

  public mutating func note(
    _ operation: Operation<RegisterMachine.Command, UInt64>,
    _ ending: Ending<RegisterMachine.Outcome, UInt64>
  ) -> Complaint? {
    record(operation, ending)
    return countAdditions(operation, ending)
  }

  private mutating func record(
    _ operation: Operation<RegisterMachine.Command, UInt64>,
    _ ending: Ending<RegisterMachine.Outcome, UInt64>
  ) {
    switch (operation.request, ending) {
    case (.write(let command, _, _), .applied(let index, .success(let outcome), _)):
      recorder.end(
        operation.client, .ok(command.action.answer(outcome.before)), index: index)
    case (_, .answered(let index, let value, _)):
      recorder.end(operation.client, .ok(.number(Int64(value))), index: index)
    case (_, .notDone): recorder.end(operation.client, .fail)
    case (_, .applied), (_, .unknown): recorder.end(operation.client, .info)
    }
  }

  private mutating func countAdditions(
    _ operation: Operation<RegisterMachine.Command, UInt64>,
    _ ending: Ending<RegisterMachine.Outcome, UInt64>
  ) -> Complaint? {
    guard case .write(let command, _, _) = operation.request, case .add(let value) = command.action
    else { return nil }
    switch ending {
    case .applied(_, .success, _): added[command.key] = (added[command.key] ?? 0) + value
    case .unknown: perhapsAdded[command.key] = (perhapsAdded[command.key] ?? 0) + value
    case .applied(_, .failure(let error), _):
      return Complaint(.exactlyOnce, "command \(command) was refused: \(error)")
    case .answered, .notDone: break
    }
    return nil
  }

  public func complaint(about view: Registers) -> String? { nil }

  public mutating func finalComplaint(about view: Registers) -> Complaint? {
    for key in 0..<UInt64(keys) where key.isMultiple(of: 2) {
      let least = added[key] ?? 0
      let most = least + (perhapsAdded[key] ?? 0)
      let value = view.values[key] ?? 0
      guard value < least || value > most else { continue }
      return Complaint(
        .exactlyOnce, "register \(key) is \(value); from \(least) to \(most) was added to it")
    }
    return recorder.complaint { key in
      key.kind == "register" ? RegisterModel(initial: .number(0)) : nil
    }
  }
}

extension RegisterMachine.Action {
  /// In the words of `RegisterModel` and `CounterModel`.
  fileprivate var asOperation: (name: String, argument: HistoryValue) {
    switch self {
    case .put(let value): ("write", .number(Int64(value)))
    case .add(let value): ("add", .number(Int64(value)))
    case .exchange(let expected, let value):
      ("cas", .list([.number(Int64(expected)), .number(Int64(value))]))
    }
  }

  fileprivate func answer(_ before: UInt64) -> HistoryValue {
    switch self {
    case .put: .nothing
    case .add(let value): .number(Int64(before + value))
    case .exchange(let expected, _): .flag(before == expected)
    }
  }
}
