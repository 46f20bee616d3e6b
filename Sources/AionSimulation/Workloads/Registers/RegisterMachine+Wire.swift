public import AionLog
public import AionModel
public import AionNode
public import AionWire

// command  = client (1), number (2), key (3), action (4: 1 put, 2 add, 3 exchange), value (5),
//            expected (6)
// snapshot = repeated register (1): key (1), value (2)
//            repeated session (2): client (1), number (2), before (3), has changed (4)

extension RegisterMachine.Command {
  /// The bytes that a log entry carries.
  public func encoded() -> [UInt8] {
    var writer = WireWriter()
    writer.varint(1, client)
    writer.varint(2, number)
    writer.varint(3, key)
    switch action {
    case .put(let value):
      writer.varint(4, UInt64(1))
      writer.varint(5, value)
    case .add(let value):
      writer.varint(4, UInt64(2))
      writer.varint(5, value)
    case .exchange(let expected, let value):
      writer.varint(4, UInt64(3))
      writer.varint(5, value)
      writer.varint(6, expected)
    }
    return writer.bytes
  }
}

extension RegisterMachine {
  public static func decode(_ bytes: [UInt8]) throws(WireError) -> Command {
    try WireReader.reading(bytes) { (reader) throws(WireError) in
      var numbers = Numbers()
      try numbers.read(&reader)
      let action: Action
      switch numbers[4] {
      case 1: action = .put(numbers[5])
      case 2: action = .add(numbers[5])
      case 3: action = .exchange(numbers[6], for: numbers[5])
      default: throw reader.missing(4)
      }
      return Command(client: numbers[1], number: numbers[2], key: numbers[3], action: action)
    }
  }

  public static func summary(of view: Registers) -> StateSummary {
    StateSummary(
      digest: SnapshotDigest(rawValue: view.digest), catalogVersion: CatalogVersion(view.applied),
      counts: [.init("registers", view.values.rows.count)])
  }

  public static func encode(
    _ view: Registers, write: ([UInt8], Int) throws(LogFault) -> Void
  ) throws(LogFault) {
    try write(view.encoded(), view.values.rows.count + view.sessions.rows.count)
  }

  public static func decode(
    at index: LogIndex, next: () throws(NodeFault) -> [UInt8]?
  ) throws(NodeFault) -> Registers {
    var registers = Registers()
    while let chunk = try next() {
      do throws(WireError) { try registers.read(chunk) } catch {
        throw .undecodableSnapshot(at: index, error)
      }
    }
    registers.applied = index
    return registers
  }
}

extension Registers {
  fileprivate func encoded() -> [UInt8] {
    var writer = WireWriter()
    for row in values.rows {
      writer.message(1) {
        $0.varint(1, row.key)
        $0.varint(2, row.value)
      }
    }
    for row in sessions.rows {
      writer.message(2) {
        $0.varint(1, row.key)
        $0.varint(2, row.value.number)
        $0.varint(3, row.value.outcome.before)
        $0.bool(4, row.value.outcome.hasChanged)
      }
    }
    return writer.bytes
  }

  fileprivate mutating func read(_ chunk: [UInt8]) throws(WireError) {
    try WireReader.reading(chunk) { (reader) throws(WireError) in
      while let field = try reader.next() {
        var nested = try reader.message(field)
        var numbers = Numbers()
        try numbers.read(&nested)
        if field.number == 1 {
          values[numbers[1]] = numbers[2]
        } else {
          let outcome = RegisterMachine.Outcome(before: numbers[3], hasChanged: numbers[4] == 1)
          sessions[numbers[1]] = Session(number: numbers[2], outcome: outcome)
        }
      }
    }
  }

  /// FNV-1a over all that is encoded, twice with different beginnings.
  fileprivate var digest: UInt128 {
    var low: UInt64 = 0xCBF2_9CE4_8422_2325
    var high: UInt64 = 0x9E37_79B9_7F4A_7C15
    for byte in encoded() {
      low = (low ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
      high = (high ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    return UInt128(high) << 64 | UInt128(low)
  }
}

/// The numbers of a message of which every field is one.
private struct Numbers {
  private var values = [UInt64](repeating: 0, count: 7)

  subscript(field: Int) -> UInt64 { values[field] }

  mutating func read(_ reader: inout WireReader) throws(WireError) {
    while let field = try reader.next() {
      if field.number < values.count {
        values[Int(field.number)] = try reader.uint64(field)
      } else {
        try reader.skip(field)
      }
    }
  }
}
