import AionModel
import AionRaft

/// Every message that was ever sent, once.
struct MessageTable {
  private var messages: [Message] = []
  private var places: [Message: UInt32] = [:]
  private var images: [UInt32] = []
  private static let unknown = UInt32.max

  var count: Int { messages.count }

  subscript(number: UInt32) -> Message { messages[Int(number)] }

  mutating func number(of message: Message) -> UInt32 {
    if let known = places[message] { return known }
    let number = UInt32(messages.count)
    precondition(messages.count < Action.mostMessages, "more than \(Action.mostMessages) messages")
    messages.append(message)
    places[message] = number
    return number
  }

  mutating func image(
    of message: UInt32, under symmetry: Int, _ symmetries: Symmetries
  ) -> UInt32 {
    guard symmetry > 0 else { return message }
    let slot = Int(message) * symmetries.count + symmetry
    let missing = messages.count * symmetries.count - images.count
    if missing > 0 { images.append(contentsOf: repeatElement(Self.unknown, count: missing)) }
    if images[slot] != Self.unknown { return images[slot] }
    let image = number(of: symmetries.renamings[symmetry](messages[Int(message)]))
    images[slot] = image
    return image
  }
}

/// Every log, once, and which were found to match.
struct LogTable {
  private struct Log: Hashable {
    let base: LogPosition
    let entries: [Entry]
  }

  private var numbers: [Log: UInt32] = [:]
  private var matching = NumberTable()

  mutating func number(of core: RaftCore) -> UInt32 {
    let base = LogPosition(
      term: core.term(at: core.firstIndex.previous) ?? .zero, index: core.firstIndex.previous)
    let log = Log(
      base: base, entries: core.entries(core.firstIndex..<core.lastPosition.index.next))
    if let known = numbers[log] { return known }
    let number = UInt32(numbers.count)
    numbers[log] = number
    return number
  }

  func mayDiffer(_ one: UInt32, _ other: UInt32) -> Bool {
    one != other && matching[LogTable.key(one, other)] == nil
  }

  mutating func match(_ one: UInt32, _ other: UInt32) {
    matching.insert(1, at: LogTable.key(one, other))
  }

  private static func key(_ one: UInt32, _ other: UInt32) -> UInt64 {
    UInt64(min(one, other)) << 32 | UInt64(max(one, other))
  }
}

/// Every ledger, once.
struct LedgerTable {
  private(set) var ledgers: [Ledger] = []
  private var places: [Ledger: UInt32] = [:]
  private var images: [UInt32] = []
  private static let unknown = UInt32.max

  var count: Int { ledgers.count }

  subscript(number: UInt32) -> Ledger { ledgers[Int(number)] }

  mutating func number(of ledger: Ledger) -> UInt32 {
    if let known = places[ledger] { return known }
    let number = UInt32(ledgers.count)
    ledgers.append(ledger)
    places[ledger] = number
    return number
  }

  mutating func image(of ledger: UInt32, under symmetry: Int, _ symmetries: Symmetries) -> UInt32 {
    guard symmetry > 0 else { return ledger }
    let slot = Int(ledger) * symmetries.count + symmetry
    let missing = ledgers.count * symmetries.count - images.count
    if missing > 0 { images.append(contentsOf: repeatElement(Self.unknown, count: missing)) }
    if images[slot] != Self.unknown { return images[slot] }
    let image = number(of: ledgers[Int(ledger)].renamed(symmetries.renamings[symmetry]))
    images[slot] = image
    return image
  }
}
