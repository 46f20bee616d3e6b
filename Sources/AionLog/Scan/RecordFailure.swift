public import AionModel

/// A record that does not hold, before it is judged to be damage or the mark of a crash.
enum RecordFailure: Error {
  case file(FileError)
  /// `record` is where the record stands, as far as that is known.
  case finding(LogDamage.Finding, record: Range<ByteCount>)
  /// No crash leaves this behind: the header that says it is proven.
  case certain(LogDamage.Finding)
}

/// A last batch that a crash left incomplete; nobody was told that it is durable.
public struct TornTail: Hashable, Sendable {
  /// The segment, relative to the data directory.
  public var file: String
  /// Where the incomplete batch begins, and the end of what is there of it.
  public var range: Range<ByteCount>
  /// The newest index before it.
  public var after: LogIndex
  public var finding: LogDamage.Finding
}
