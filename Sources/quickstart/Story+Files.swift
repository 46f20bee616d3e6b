import AionCluster
import AionLog
import AionModel

extension Story {
  /// Adds up what the records take unpacked and what the files take on disk.
  func measureFiles() throws -> FileReport {
    narrator.title("3. What it takes on disk")
    let directory = try PosixLogDirectory(path: directory, creating: false)
    guard let identity = try LogIdentity.read(from: directory) else {
      throw StoryError.foreignDirectory(self.directory)
    }
    var report = FileReport()
    var scanner = try LogScanner(directory, owner: identity.owner)
    while let event = try scanner.next() {
      switch event {
      case .segment: report.segments += 1
      case .batch(let header, let batch):
        report.batches += 1
        report.entries += batch.entries.count
        report.bytesRaw += header.unpackedLength.bytes
        report.bytesPacked += header.totalLength.bytes
      case .segmentEnd(_, let size): report.bytesOnDisk += size.bytes
      case .seal, .torn: break
      }
    }
    let ratio = Double(report.bytesRaw) / Double(max(1, report.bytesPacked))
    let perSync = report.batches == 0 ? 0 : report.entries / report.batches
    narrator.done(
      "\(grouped(report.entries)) log entries in \(grouped(report.batches)) batches, each one "
        + "sync: \(perSync) writes shared one on average")
    narrator.done(
      "\(ByteCount(report.bytesRaw)) of records, \(ByteCount(report.bytesPacked)) packed "
        + "(\(Story.oneDecimal(ratio)) : 1), \(ByteCount(report.bytesOnDisk)) of files in "
        + "\(report.segments) segment\(report.segments == 1 ? "" : "s"), room written ahead "
        + "included")
    return report
  }

  static func oneDecimal(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
