import AionLog
import AionModel
import AionRaft

/// The files of a data directory: one row for each, whatever is in it.
struct Listing: Encodable {
  var verdict = Verdict.clean
  var cluster: String
  var replica: UInt64
  var node: String
  var segments: [Segment] = []
  var snapshots: [Snapshot] = []
  var faults: [String] = []

  struct Segment: Encodable {
    var name: String
    var state: String
    var firstIndex: UInt64
    var lastIndex: UInt64
    var batches = 0
    var entries = 0
    var rawBytes = 0
    var diskBytes = 0
    var fileBytes = 0
    var createdAt: String
  }

  struct Snapshot: Encodable {
    var name: String
    var state: String
    var index: UInt64
    var term: UInt64
    var catalogVersion: UInt64
    var records: [String: Int]
    var chunks = 0
    var rawBytes = 0
    var diskBytes = 0
    var fileBytes = 0
    var digest: String?
    var createdAt: String
  }

  init(of data: DataDirectory) throws(LogFault) {
    cluster = data.identity.cluster.description
    replica = data.identity.replica.rawValue
    node = data.identity.nodeName
    do throws(LogFault) { try listSegments(of: data) } catch { try add(error) }
    guard let store = try data.snapshots() else { return }
    for index in try store.indexes() {
      do throws(LogFault) { try list(index, of: store) } catch { try add(error) }
    }
  }

  private mutating func listSegments(of data: DataDirectory) throws(LogFault) {
    var scanner = try data.scanner()
    while let event = try scanner.next() {
      switch event {
      case .segment(let name, let header):
        segments.append(
          Segment(
            name: name, state: "unread", firstIndex: header.base.index.next.rawValue,
            lastIndex: header.base.index.rawValue, createdAt: header.createdAt.description))
      case .batch(let header, let batch): update { $0.add(header, batch) }
      case .seal: update { $0.state = "sealed" }
      case .segmentEnd(_, let size):
        update {
          if $0.state != "sealed" { $0.state = "open" }
          $0.fileBytes = size.bytes
        }
      case .torn(let tail):
        update { $0.state = "torn" }
        verdict = .torn
        faults.append(tail.explanation)
      }
    }
  }

  private mutating func update(_ change: (inout Segment) -> Void) {
    if !segments.isEmpty { change(&segments[segments.count - 1]) }
  }

  private mutating func list(
    _ index: LogIndex, of store: SnapshotStore<some LogDirectory>
  ) throws(LogFault) {
    let verified: VerifiedSnapshot
    do throws(LogFault) {
      verified = try store.verify(at: index)
    } catch {
      // A running node removes its older snapshots.
      if case .file(let error) = error, error.kind == .notFound { return }
      throw error
    }
    snapshots.append(Snapshot(verified))
  }

  private mutating func add(_ fault: LogFault) throws(LogFault) {
    guard case .damaged = fault else { throw fault }
    update { if $0.state == "unread" { $0.state = "damaged" } }
    verdict = .damaged
    faults.append(fault.description)
  }
}

extension Listing.Segment {
  fileprivate mutating func add(_ header: PayloadHeader, _ batch: LogBatch) {
    batches += 1
    entries += header.count
    lastIndex = batch.entries.last?.index.rawValue ?? lastIndex
    rawBytes += header.unpackedLength.bytes
    diskBytes += header.frameLength.bytes
  }
}

extension Listing.Snapshot {
  fileprivate init(_ snapshot: VerifiedSnapshot) {
    let position = snapshot.description.metadata.position
    self.init(
      name: "snapshots/" + String(position.index.rawValue).leftPaddedWithZeros(to: 20) + ".snap",
      state: "whole", index: position.index.rawValue, term: position.term.rawValue,
      catalogVersion: snapshot.description.catalogVersion.rawValue,
      records: Dictionary(
        snapshot.description.counts.map { ($0.name, $0.count) }, uniquingKeysWith: +),
      chunks: snapshot.footer.chunks, rawBytes: snapshot.footer.unpackedBytes.bytes,
      diskBytes: snapshot.footer.frameBytes.bytes, fileBytes: snapshot.footer.fileSize.bytes,
      digest: snapshot.footer.digest.description,
      createdAt: snapshot.description.createdAt.description)
  }
}

extension String {
  fileprivate func leftPaddedWithZeros(to width: Int) -> String {
    String(repeating: "0", count: max(0, width - count)) + self
  }
}
