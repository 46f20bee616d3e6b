import AionLog
import AionModel
import AionRaft

/// What `verify` found.
struct VerifyReport: Encodable {
  var verdict = Verdict.clean
  var cluster: String
  var replica: UInt64
  var node: String
  var segments = 0
  var batches = 0
  var entries = 0
  var firstIndex: UInt64?
  var lastIndex: UInt64 = 0
  var commit: UInt64 = 0
  var snapshots: [UInt64] = []
  var findings: [Finding] = []
  /// Nil while the replica is whole.
  var recovery: Recovery?
  /// Damaged files that are kept for people, and not verified.
  var setAside: [String] = []

  /// What the replica has lost, until the others have repaired it.
  struct Recovery: Encodable {
    var generation: UInt64
    var damage: String
  }

  /// A place that is not as it should be.
  struct Finding: Encodable {
    var verdict: Verdict
    var file: String
    var offset: Int
    var after: UInt64
    var code: String
    var message: String
  }

  /// - Throws: `LogFault.file`, when the system refuses to read.
  init(of data: DataDirectory) throws(LogFault) {
    cluster = data.identity.cluster.description
    replica = data.identity.replica.rawValue
    node = data.identity.nodeName
    do throws(FileError) { setAside = try data.directory.filesSetAside() } catch {
      throw .file(error)
    }
    do throws(LogFault) { try verifyRecords(of: data) } catch { try add(error) }
    let newest = try verifySnapshots(of: data)
    do throws(LogFault) {
      try verifyLog(of: data, newestSnapshot: newest)
    } catch {
      try add(error)
    }
  }
}

extension VerifyReport {
  private mutating func verifyRecords(of data: DataDirectory) throws(LogFault) {
    for damage in try data.directory.damagedRecords() { try add(.damaged(damage)) }
    guard let group = try GroupRecord.read(from: data.directory), let lost = group.recovery else {
      return
    }
    recovery = Recovery(generation: group.generation.rawValue, damage: lost.damage)
  }

  /// Proves each snapshot and unpacks it; returns the newest that holds.
  private mutating func verifySnapshots(of data: DataDirectory) throws(LogFault) -> LogIndex {
    var newest = LogIndex.zero
    guard let store = try data.snapshots() else { return newest }
    for index in try store.indexes() {
      do throws(LogFault) {
        var reader = try store.read(at: index)
        while try reader.next() != nil {}
        snapshots.append(index.rawValue)
        newest = index
      } catch {
        // A running node removes its older snapshots.
        if case .file(let error) = error, error.kind == .notFound { continue }
        try add(error)
      }
    }
    return newest
  }

  private mutating func verifyLog(
    of data: DataDirectory, newestSnapshot: LogIndex
  ) throws(LogFault) {
    var scanner = try data.scanner()
    while let event = try scanner.next() {
      switch event {
      case .segment(let name, let header):
        segments += 1
        if segments == 1 || header.startsOver {
          try checkConnection(name, header, newestSnapshot)
        }
        lastIndex = header.base.index.rawValue
        commit = header.hardState.commit.rawValue
      case .batch(_, let batch): add(batch)
      case .torn(let tail): add(tail)
      case .seal, .segmentEnd: break
      }
    }
    // What is left of a damaged log may be nothing.
    if segments == 0, newestSnapshot > .zero, recovery == nil {
      throw .damaged(
        LogDamage(
          file: "log", offset: .zero, after: newestSnapshot,
          finding: .segmentMissing(named: "the newest")))
    }
  }

  private mutating func checkConnection(
    _ name: String, _ header: SegmentHeader, _ newestSnapshot: LogIndex
  ) throws(LogFault) {
    firstIndex = header.base.index.next.rawValue
    guard header.base.index > newestSnapshot else { return }
    throw .damaged(
      LogDamage(
        file: name, offset: .zero, after: newestSnapshot,
        finding: .doesNotConnect(
          snapshot: newestSnapshot, logBegins: header.base.index.next)))
  }

  private mutating func add(_ batch: LogBatch) {
    batches += 1
    entries += batch.entries.count
    lastIndex = batch.entries.last?.index.rawValue ?? lastIndex
    commit = batch.hardState?.commit.rawValue ?? commit
  }

  private mutating func add(_ tail: TornTail) {
    if verdict == .clean { verdict = .torn }
    findings.append(
      Finding(
        verdict: .torn, file: tail.file, offset: tail.range.lowerBound.bytes,
        after: tail.after.rawValue, code: "tornTail", message: tail.explanation))
  }

  private mutating func add(_ fault: LogFault) throws(LogFault) {
    guard case .damaged(let damage) = fault else { throw fault }
    verdict = .damaged
    findings.append(
      Finding(
        verdict: .damaged, file: damage.file, offset: damage.offset.bytes,
        after: damage.after.rawValue, code: damage.finding.code, message: damage.description))
  }
}

extension VerifyReport {
  var lines: [String] {
    let range = firstIndex.map { "\(grouped($0))...\(grouped(lastIndex))" } ?? "none"
    var lines = [
      "cluster    \(cluster)",
      "replica    \(replica), node \(node)",
      "log        \(segments) segments, \(grouped(UInt64(batches))) batches, "
        + "\(grouped(UInt64(entries))) entries, indexes \(range), committed \(grouped(commit))",
      "snapshots  " + (snapshots.isEmpty ? "none" : snapshots.map(grouped).joined(separator: ", ")),
    ]
    if let recovery {
      lines.append(
        "recovering generation \(recovery.generation), until a majority of the others has repaired "
          + "it: \(recovery.damage)")
    }
    if !setAside.isEmpty { lines.append("set aside  " + setAside.joined(separator: ", ")) }
    lines += findings.map { ($0.verdict == .torn ? "torn       " : "damage     ") + $0.message }
    lines.append("verdict    \(verdict.words)")
    return lines
  }
}

extension Verdict {
  fileprivate var words: String {
    switch self {
    case .clean: "clean"
    case .torn: "clean up to a torn tail, which the next start drops"
    case .damaged: "damaged"
    }
  }
}
