import AionServer
import ClusterRig
import Foundation
import Testing

@Suite("The pages of a process", .serialized, .timeLimit(.minutes(5)))
struct PageTests {
  @Test("A process alone is healthy and ready, and shows its status and its metrics")
  func pages() async throws {
    try await ClusterRig.run(founders: 1) { rig in
      _ = try await rig.leader()
      #expect(await rig.page("/healthz", of: 1)?.status == 200)
      #expect(await rig.page("/readyz", of: 1)?.status == 200)
      #expect(await rig.page("/nothing", of: 1)?.status == 404)
      let status = try #require(await rig.status(of: 1))
      #expect(status.role == "leader")
      #expect(status.name == "n1")
      #expect(status.members.map(\.isVoter) == [true])
      #expect(status.usedSpace ?? 0 > 0 && status.freeSpace ?? 0 > 0)
      let metrics = try #require(await rig.page("/metrics", of: 1)).text
      #expect(metrics.contains("\naion_raft_is_leader 1\n"))
      #expect(metrics.contains("\naion_build_info{release=\"\(status.release)\"} 1\n"))
      #expect(metrics.contains("\naion_disk_free_bytes "))
      #expect(metrics.contains("\naiondb_distributed_control_plane_shards 0\n"))
      #expect(metrics.contains("aion_log_sync_seconds_bucket{le=\"+Inf\"}"))
      Self.checkFormat(metrics)
    }
  }

  @Test("A process without its group lives and is not ready, and says why")
  func notReady() async throws {
    try await ClusterRig.run(founders: 3) { rig in
      _ = try await rig.leader()
      try rig.kill(2)
      try rig.kill(3)
      try await rig.wait("n1 is alone") { $0[1]?.isReady == false }
      #expect(await rig.page("/healthz", of: 1)?.status == 200)
      let page = try #require(await rig.page("/readyz", of: 1))
      #expect(page.status == 503)
      #expect(page.text.contains("leader"))
    }
  }

  /// Every sample belongs to the family that was declared last, and no family comes twice.
  static func checkFormat(_ text: String) {
    var families: Set<Substring> = []
    var current = Substring()
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if line.hasPrefix("# TYPE ") {
        current = words[2]
        #expect(families.insert(current).inserted, "\(current) comes twice")
      } else if !line.hasPrefix("#") {
        let name = line.prefix { $0 != "{" && $0 != " " }
        #expect(name.hasPrefix(current), "\(name) below \(current)")
        #expect(words.last.flatMap { Double($0) } != nil, "\(line)")
      }
    }
    #expect(families.count > 40)
  }
}
