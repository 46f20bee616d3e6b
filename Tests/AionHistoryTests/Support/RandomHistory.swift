import AionHistory
import AionModel

/// A history of clients that act on one object which is linearizable by its making: every operation
/// takes effect at a random moment of its time in flight.
struct RandomHistory {
  enum Kind: String, CaseIterable { case register, placement, names, counter, list }

  private struct InFlight {
    var operation: String
    var argument: HistoryValue
    var answer: HistoryValue?
  }

  private(set) var events: [HistoryEvent] = []
  private let kind: Kind
  private var chance: SplitMix64
  private var inFlight: [InFlight?]
  private var object: RandomObject
  private var left: Int
  /// In a hundred.
  private let lost: Int
  private let values: Int

  init(
    _ kind: Kind, clients: Int, operations: Int, lost: Int = 10, values: Int = 4, seed: UInt64
  ) {
    self.kind = kind
    self.lost = lost
    self.values = values
    chance = SplitMix64(seed: seed)
    inFlight = Array(repeating: nil, count: clients)
    object = RandomObject(kind: kind)
    left = operations
    while left > 0 || inFlight.contains(where: { $0 != nil }) { step() }
  }

  private mutating func step() {
    let client = chance.below(inFlight.count)
    guard var own = inFlight[client] else {
      if left > 0 { invoke(client) }
      return
    }
    if own.answer == nil, chance.below(2) == 0 {
      own.answer = object.apply(own.operation, own.argument)
      inFlight[client] = own
    } else if chance.below(100) < lost {
      // Known to have happened or not: both are only a part of what the client is told.
      let isUndone = own.answer == nil && chance.below(2) == 0
      end(client, isUndone ? .fail : .info, own)
    } else if let answer = own.answer {
      end(client, .ok(answer), own)
    }
  }

  private mutating func invoke(_ client: Int) {
    left -= 1
    let (operation, argument) = object.request(values: values, &chance)
    inFlight[client] = InFlight(operation: operation, argument: argument)
    record(client, .invoke(argument), operation)
  }

  private mutating func end(_ client: Int, _ step: HistoryEvent.Step, _ own: InFlight) {
    inFlight[client] = nil
    record(client, step, own.operation)
  }

  private mutating func record(_ client: Int, _ step: HistoryEvent.Step, _ operation: String) {
    events.append(
      HistoryEvent(
        client: HistoryClient(UInt64(client)), step: step, operation: operation,
        key: HistoryKey(kind: kind.rawValue, name: "x"),
        time: HistoryTime(UInt64(events.count))))
  }

  var lastRead: Int? {
    events.lastIndex { event in
      if case .ok = event.step { event.operation == "read" } else { false }
    }
  }

  var firstRead: HistoryValue? {
    for case .ok(let answer) in events.filter({ $0.operation == "read" }).map(\.step) {
      return answer
    }
    return nil
  }

  mutating func answer(at place: Int, with value: HistoryValue) { events[place].step = .ok(value) }

  /// Puts one answer in the place of another, or one event before its neighbour.
  mutating func spoil() {
    let place = chance.below(events.count)
    if chance.below(2) == 0, place > 0, events[place].client != events[place - 1].client {
      events.swapAt(place, place - 1)
      for (time, place) in events.indices.enumerated() {
        events[place].time = HistoryTime(UInt64(time))
      }
    } else if case .ok = events[place].step {
      let others = events.filter { $0.operation == events[place].operation }
      let answers = others.compactMap { event -> HistoryValue? in
        if case .ok(let answer) = event.step { answer } else { nil }
      }
      events[place].step = .ok(answers[chance.below(answers.count)])
    }
  }
}

/// The object itself, in its simplest form.
struct RandomObject {
  let kind: RandomHistory.Kind
  private var value = HistoryValue.nothing
  private var version: Int64 = 0
  private var names: Set<String> = []
  private var list: [HistoryValue] = []
  private var written: Int64 = 0

  init(kind: RandomHistory.Kind) {
    self.kind = kind
    if kind == .counter { value = 0 }
  }

  mutating func request(
    values: Int, _ chance: inout SplitMix64
  ) -> (operation: String, argument: HistoryValue) {
    let one = HistoryValue.number(Int64(chance.below(values)))
    let two = HistoryValue.number(Int64(chance.below(values)))
    let name = HistoryValue.text("n\(chance.below(3))")
    switch kind {
    case .register:
      return [("read", .nothing), ("write", one), ("cas", [one, two])][chance.below(3)]
    case .placement:
      let version = HistoryValue.number(Int64(chance.below(Int(self.version) + 2)))
      return [
        ("read", .nothing), ("write", one), ("cas", [one, two]), ("cas-version", [version, two]),
      ][chance.below(4)]
    case .names:
      return [
        ("create", name), ("drop", name), ("contains", name), ("list", .nothing),
        ("rename", [name, .text("n\(chance.below(3))")]),
      ][chance.below(5)]
    case .counter: return [("read", .nothing), ("add", one)][chance.below(2)]
    case .list:
      written += 1
      return [("read", .nothing), ("append", .number(written))][chance.below(2)]
    }
  }

  mutating func apply(_ operation: String, _ argument: HistoryValue) -> HistoryValue {
    switch kind {
    case .register, .placement: register(operation, argument)
    case .names: change(operation, argument)
    case .counter: add(operation, argument)
    case .list: append(operation, argument)
    }
  }

  private mutating func register(_ operation: String, _ argument: HistoryValue) -> HistoryValue {
    let isVersioned = kind == .placement
    switch (operation, argument) {
    case ("read", _): return isVersioned ? [value, .number(version)] : value
    case ("write", _): return set(argument, .nothing)
    case ("cas", .list(let pair)):
      return pair[0] == value ? set(pair[1], true) : false
    case ("cas-version", .list(let pair)):
      return pair[0] == .number(version) ? set(pair[1], true) : false
    default: return .nothing
    }
  }

  private mutating func set(_ new: HistoryValue, _ done: HistoryValue) -> HistoryValue {
    if new != value { version += 3 }
    value = new
    return kind == .placement ? .number(version) : done
  }

  private mutating func change(_ operation: String, _ argument: HistoryValue) -> HistoryValue {
    switch (operation, argument) {
    case ("create", .text(let name)):
      guard names.insert(name).inserted else { return false }
      version += 2
      return .number(version)
    case ("drop", .text(let name)): return .flag(names.remove(name) != nil)
    case ("contains", .text(let name)): return .flag(names.contains(name))
    case ("rename", .list(let pair)):
      guard case .text(let old) = pair[0], case .text(let new) = pair[1], names.contains(old),
        old == new || !names.contains(new)
      else { return false }
      names.remove(old)
      names.insert(new)
      return true
    default: return .list(names.sorted().map { .text($0) })
    }
  }

  private mutating func add(_ operation: String, _ argument: HistoryValue) -> HistoryValue {
    guard operation == "add", case .number(let sum) = value, case .number(let more) = argument
    else {
      return value
    }
    value = .number(sum + more)
    return value
  }

  private mutating func append(_ operation: String, _ argument: HistoryValue) -> HistoryValue {
    guard operation == "append" else { return .list(list) }
    list.append(argument)
    return .nothing
  }
}

extension SplitMix64 {
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
