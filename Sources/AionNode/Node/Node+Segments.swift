public import AionLog

extension Node {
  /// The job of preparing the next segment, once the current one is half full; run it on another
  /// thread and hand its outcome to `adopt`. Without it the log prepares a smaller one itself.
  public mutating func nextSegmentPreparation() -> SegmentPreparation<Directory>? {
    log.isNextSegmentDue ? log.nextPreparation() : nil
  }

  /// Takes the outcome of a preparation; nil when it failed.
  public mutating func adopt(_ segment: PreparedSegment<Directory>?) { log.adopt(segment) }
}
