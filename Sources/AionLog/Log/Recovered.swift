public import AionModel
public import AionRaft

/// What a directory held when it was opened.
public struct Recovered: Sendable {
  public var hardState: HardState
  /// The newest whole snapshot; read it with `log.snapshots.read(at:)`.
  public var snapshot: SnapshotDescription?
  /// Every entry after the snapshot, in order and without gaps.
  public var entries: [Entry]
  public var report: RecoveryReport
}

/// How a directory was found, for people and metrics.
public struct RecoveryReport: Hashable, Sendable {
  /// A last batch that a crash left incomplete, dropped now.
  public var tornTail: TornTail?
  /// Newer snapshots that were passed over because they do not hold.
  public var damagedSnapshots: [LogDamage] = []
  /// Copies of the identity and of the group record that did not hold; made anew from the other.
  public var damagedRecords: [LogDamage] = []
  /// What was lost and others have, in the order in which it was found: this replica recovers.
  public var lost: [LogDamage] = []
  /// Files that did not hold and are kept for people, whichever opening set them aside; relative to
  /// the data directory.
  public var setAside: [String] = []
  /// Names of temporary files of ours that were removed.
  public var leftovers: [String] = []
  /// Segments, batches and entries that were read.
  public var segments = 0
  public var batches = 0
  public var entries = 0
  public var unpackedBytes = ByteCount.zero

  public init() {}
}

/// Builds what a directory holds from the events of a scan.
struct Recovery {
  let snapshot: SnapshotDescription?
  private(set) var entries: [Entry] = []
  private(set) var report = RecoveryReport()
  private var name = logDirectoryName
  /// The log goes on from another entry at the snapshot's index than the snapshot's own.
  private var isContradicted = false

  /// The last entry that the snapshot covers.
  private var covered: LogPosition { snapshot?.metadata.position ?? .zero }

  init(after snapshot: SnapshotDescription?) { self.snapshot = snapshot }

  mutating func accept(_ event: LogEvent) throws(LogFault) {
    switch event {
    case .segment(let name, let header): try accept(name, header)
    case .batch(let header, let batch):
      report.batches += 1
      report.unpackedBytes += header.unpackedLength
      accept(batch.entries)
    case .torn(let tail): report.tornTail = tail
    case .seal, .segmentEnd: break
    }
  }

  /// The log goes on where the snapshot ends, at the first segment and wherever it starts over.
  private mutating func accept(_ name: String, _ header: SegmentHeader) throws(LogFault) {
    self.name = name
    report.segments += 1
    guard report.segments == 1 || header.startsOver else { return }
    entries = []
    guard header.base.index <= covered.index else {
      let finding = LogDamage.Finding.doesNotConnect(
        snapshot: covered.index, logBegins: header.base.index.next)
      throw .damaged(LogDamage(file: name, offset: .zero, after: covered.index, finding: finding))
    }
    isContradicted = header.base.index == covered.index && header.base != covered
  }

  private mutating func accept(_ batch: [Entry]) {
    report.entries += batch.count
    guard let first = batch.first else { return }
    // What stood there before the first segment was not the last word.
    if first.index <= covered.index { isContradicted = false }
    // An overwritten entry takes all after it along.
    if let oldest = entries.first, first.index <= oldest.index {
      entries.removeAll(keepingCapacity: true)
    } else if let newest = entries.last, first.index <= newest.index {
      entries.removeLast(Int(newest.index.rawValue - first.index.rawValue) + 1)
    }
    // The entry at the snapshot's own index stays for now: it tells whether the two agree.
    entries.append(contentsOf: batch.drop { $0.index < covered.index })
  }

  /// Whether the log and the snapshot tell the same history; if not, the log is superseded.
  mutating func reconcile(_ last: LogPosition) -> Bool {
    defer { if entries.first?.index == covered.index { entries.removeFirst() } }
    guard covered.index > .zero else { return true }
    guard last.index >= covered.index, !isContradicted else {
      entries = []
      return false
    }
    guard let shared = entries.first, shared.index == covered.index else { return true }
    if shared.term == covered.term { return true }
    entries = []
    return false
  }
}
