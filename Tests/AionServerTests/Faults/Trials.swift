import ClusterRig
import Testing

extension Trial {
  /// Clients write and read while something happens; nothing may be lost, and everyone must
  /// have been answered in the end.
  ///
  /// - Returns: What came of it.
  @discardableResult
  static func check(
    on rig: ClusterRig, clients: Int = 8, seed: UInt64 = 20_261_126,
    while events: (Recorder) async throws -> Void
  ) async throws -> Report {
    let report = try await Trial(clients: clients, seed: seed).run(on: rig, while: events)
    #expect(report.violation == nil, "the seed of the clients is \(seed)")
    #expect(report.writes > 0)
    #expect(report.unknown == 0, "every client was answered in the end: \(report.complaints)")
    return report
  }
}
