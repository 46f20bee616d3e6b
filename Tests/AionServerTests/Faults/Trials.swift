import ClusterRig
import Testing

extension Trial {
  /// Eight clients write and read while something happens; nothing may be lost, and everyone must
  /// have been answered in the end.
  static func check(
    on rig: ClusterRig, seed: UInt64 = 20_261_126, while events: (Recorder) async throws -> Void
  ) async throws {
    let report = try await Trial(clients: 8, seed: seed).run(on: rig, while: events)
    #expect(report.violation == nil, "the seed of the clients is \(seed)")
    #expect(report.writes > 0)
    #expect(report.unknown == 0, "every client was answered in the end: \(report.complaints)")
  }
}
