import AionModel
import AionRaft

/// Writes the records of a batch into memory that is large enough for them.
///
/// The bytes are those of `Entry.encode(into:)`. A command's length is known before it is written,
/// so nothing has to be moved or checked byte by byte; this is the one loop that runs for every
/// entry.
struct RecordWriter {
  private let memory: UnsafeMutableRawBufferPointer
  private var count = 0

  /// - Precondition: `memory` holds the sum of what `longestEncoding` says of all that is written.
  init(_ memory: UnsafeMutableRawBufferPointer) { self.memory = memory }

  var written: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

  /// Writes an entry as an element of `LogFile.entry`; false, and nothing, for a rare kind.
  mutating func append(_ entry: Entry) -> Bool {
    guard case .command(let command) = entry.payload else { return false }
    let time = entry.proposedAt.nanosecondsSince1970
    let zigZag = UInt64(bitPattern: (time << 1) ^ (time >> 63))
    let length =
      fieldLength(entry.index.rawValue) + fieldLength(entry.term.rawValue) + fieldLength(zigZag)
      + 1 + varintLength(UInt64(command.count)) + command.count
    byte(0x0A)
    varint(UInt64(length))
    field(0x08, entry.index.rawValue)
    field(0x10, entry.term.rawValue)
    field(0x18, zigZag)
    byte(0x22)
    varint(UInt64(command.count))
    append(command)
    return true
  }

  mutating func append(_ bytes: [UInt8]) {
    bytes.withBytes { source in
      let target = UnsafeMutableRawBufferPointer(rebasing: memory[count..<(count + source.count)])
      target.copyMemory(from: source)
    }
    count += bytes.count
  }

  private mutating func field(_ tag: UInt8, _ value: UInt64) {
    guard value != 0 else { return }
    byte(tag)
    varint(value)
  }

  private mutating func byte(_ value: UInt8) {
    memory[count] = value
    count += 1
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      byte(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    byte(UInt8(truncatingIfNeeded: rest))
  }

  private func fieldLength(_ value: UInt64) -> Int { value == 0 ? 0 : 1 + varintLength(value) }

  private func varintLength(_ value: UInt64) -> Int {
    (70 - (value | 1).leadingZeroBitCount) / 7
  }
}

extension HardState {
  /// Two tags and lengths, three fields of at most eleven bytes.
  static let longestEncoding = 40
}

extension Entry {
  /// Never less than what encoding it takes.
  var longestEncoding: Int {
    switch payload {
    case .empty: 48
    case .command(let bytes): 64 + bytes.count
    case .configuration(let change): 128 + change.steps.count * 16 + change.context.count
    }
  }
}
