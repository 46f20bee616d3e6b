/// Reads a history line by line from bytes as they come. Empty lines are skipped.
public struct HistoryReader: Sendable {
  /// What has been read; the events of several files can be merged from it.
  public private(set) var events: [HistoryEvent] = []
  private var pending: [UInt8] = []
  private var lines = 0

  /// A line that is longer is refused.
  public static let longestLine = 1 << 20

  public init() {}

  /// Takes the next bytes, cut anywhere.
  public mutating func read(_ bytes: ArraySlice<UInt8>) throws(HistoryFault) {
    var rest = bytes
    while let end = rest.firstIndex(of: newline) {
      if pending.isEmpty {
        try take(line: rest[..<end])
      } else {
        pending += rest[..<end]
        try take(line: pending[...])
        pending.removeAll(keepingCapacity: true)
      }
      rest = rest[(end + 1)...]
    }
    pending += rest
    guard pending.count <= HistoryReader.longestLine else {
      throw .malformed(line: lines + 1, "longer than \(HistoryReader.longestLine) bytes")
    }
  }

  /// After the last bytes. A last line that a crash of the writer cut short is an error like any
  /// other.
  public mutating func finish() throws(HistoryFault) {
    try take(line: pending[...])
    pending = []
  }

  private mutating func take(line: ArraySlice<UInt8>) throws(HistoryFault) {
    lines += 1
    guard line.count <= HistoryReader.longestLine else {
      throw .malformed(line: lines, "longer than \(HistoryReader.longestLine) bytes")
    }
    guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { return }
    do { events.append(try HistoryEvent(line: line)) } catch {
      throw .malformed(line: lines, error.text)
    }
  }
}

private let newline = UInt8(ascii: "\n")

extension History {
  /// The history that the events make, in their order.
  public init(_ events: [HistoryEvent]) throws(HistoryFault) {
    self.init()
    for event in events { try record(event) }
  }

  /// The events of several clients' files, whose clients are all different, as those of one. Where
  /// events of different files have the same time, invocations come before returns, so that the
  /// operations count as concurrent, as far as the order within each file lets them.
  public static func merged(_ files: [[HistoryEvent]]) -> [HistoryEvent] {
    var rests = files.map { $0[...] }
    var events: [HistoryEvent] = []
    while let next = rests.indices.filter({ !rests[$0].isEmpty }).min(by: { left, right in
      comesBefore(rests[left].first, rests[right].first)
    }) {
      events.append(rests[next].removeFirst())
    }
    return events
  }

  private static func comesBefore(_ left: HistoryEvent?, _ right: HistoryEvent?) -> Bool {
    guard let left, let right else { return false }
    if left.time != right.time { return left.time < right.time }
    return !left.isReturn && right.isReturn
  }
}

extension HistoryEvent {
  fileprivate var isReturn: Bool {
    if case .invoke = step { false } else { true }
  }
}
