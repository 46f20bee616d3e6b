import AionLog
import AionModel
import AionRaft
import Testing

/// A directory with a known content, to be damaged in one place and opened.
struct Attack {
  /// The directory before anything happened to it.
  let disk: InMemoryDisk
  let entries: [Entry]
  let hardState: HardState

  /// Two sealed segments, a written one, and a hard state that commits all but the last entries.
  init(limits: LogLimits = LogWorld.limits, batches: UInt64 = 160) throws {
    let directory = InMemoryLogDirectory()
    let (log, _) = try LogWorld.open(directory, limits: limits)
    try log.write([], hardState: HardState(term: 1, vote: 1))
    for index in 1...batches { try log.write([LogWorld.entry(index, size: 40)]) }
    hardState = HardState(term: 1, vote: 1, commit: LogIndex(batches))
    let last = LogWorld.entries((batches + 1)...(batches + 3), size: 40)
    try log.write(last, hardState: hardState)
    entries = LogWorld.entries(1...(batches + 3), size: 40)
    disk = directory.disk
  }

  var segments: [String] { disk.paths.filter { $0.hasSuffix(".log") } }

  func lastSegment() throws -> String { try #require(segments.last) }

  func contents(of path: String) throws -> [UInt8] { try #require(disk.contents(of: path)) }

  /// Opens a copy of the directory after `damage` was done to it.
  func opening(
    limits: LogLimits = LogWorld.limits, after damage: (InMemoryDisk) throws -> Void
  ) throws -> Outcome {
    let copy = disk.copy()
    try damage(copy)
    return Outcome(of: copy, limits: limits)
  }

  /// The last segment with `bytes` as its content.
  func opening(
    lastSegment bytes: [UInt8], limits: LogLimits = LogWorld.limits
  ) throws -> Outcome {
    let path = try lastSegment()
    return try opening(limits: limits) { $0.setContents(of: path, to: bytes) }
  }

  /// Where the batches of a segment begin and end, read from its proven bytes.
  func batches(of path: String) throws -> [Range<Int>] {
    var scanner = try LogScanner(
      disk.copy().root, owner: LogWorld.identity.owner, limits: LogWorld.limits)
    var ranges: [Range<Int>] = []
    var isWanted = false
    while let event = try scanner.next() {
      switch event {
      case .segment(let name, _): isWanted = "/" + name == path
      case .batch(let header, _) where isWanted:
        ranges.append(header.offset.bytes..<(header.offset + header.totalLength).bytes)
      default: break
      }
    }
    return ranges
  }
}

/// How an opening ended.
enum Outcome {
  case opened(Recovered)
  case refused(LogFault)

  init(of disk: InMemoryDisk, limits: LogLimits = LogWorld.limits) {
    do throws(LogFault) {
      self = .opened(try LogWorld.open(disk.root, limits: limits).recovered)
    } catch {
      self = .refused(error)
    }
  }

  var damage: LogDamage? {
    if case .refused(.damaged(let damage)) = self { damage } else { nil }
  }

  var recovered: Recovered? {
    if case .opened(let recovered) = self { recovered } else { nil }
  }

  var summary: String {
    switch self {
    case .opened(let recovered):
      "opened with \(recovered.entries.count) entries, torn: "
        + "\(String(describing: recovered.report.tornTail))"
    case .refused(let fault): "refused: \(fault)"
    }
  }
}
