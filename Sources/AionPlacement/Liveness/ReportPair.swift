import AionModel

/// What a node told last of how far it is, and what before that.
struct ReportPair: Sendable {
  struct Report: Sendable {
    var progress: NodeProgress
    var time: LivenessTable.Instant
  }

  private(set) var newest: Report?
  private var earlier: Report?

  mutating func add(_ progress: NodeProgress, at time: LivenessTable.Instant) {
    if let newest, newest.time > time { return }
    earlier = newest
    newest = Report(progress: progress, time: time)
  }

  /// The newest report that was made by then.
  func report(by time: LivenessTable.Instant) -> Report? {
    if let newest, newest.time <= time { return newest }
    return earlier.flatMap { $0.time <= time ? $0 : nil }
  }
}
