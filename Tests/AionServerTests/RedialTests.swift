import AionCluster
import AionModel
import AionRPC
import AionServer
import ClusterRig
import Foundation
import Logging
import Synchronization
import Testing

@Suite("Who was not there and is heard of", .timeLimit(.minutes(1)))
struct RedialTests {
  @Test("A replica that says hello is dialled at once, however long the pause would be yet")
  func met() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "aion-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let members = zip(["a", "b"] as [NodeID], try FreePorts.take(2)).map { name, port in
      FoundingMember(name: name, address: Address(host: "127.0.0.1", port: port))
    }
    let lines = LoggedLines()
    let logger = Logger(label: "test") { label in
      LineLogHandler(label: label, logLevel: .info, format: .text) { lines.note($0) }
    }
    func start(_ member: FoundingMember) async throws -> ReplicaServer {
      var configuration = ServerConfiguration(
        directory: "\(folder)/\(member.name)", name: member.name, listen: member.address,
        beginning: .founding(members))
      configuration.tick = .milliseconds(10)
      configuration.limits.redialPauses = .seconds(3_600)...(.seconds(3_600))
      return try await ReplicaServer.start(configuration, logger: logger)
    }
    let first = try await start(members[0])
    await lines.until("no connection to a replica")
    let second = try await start(members[1])
    // Neither leads as long as one of the two does not reach the other.
    while first.plane.status().leader == nil, !Task.isCancelled { await Task.yield() }
    #expect(first.plane.status().leader != nil)
    await second.close()
    await first.close()
  }
}

/// Lines that a process has logged.
private final class LoggedLines: Sendable {
  private let lines = Mutex<[String]>([])

  func note(_ line: String) { lines.withLock { $0.append(line) } }

  /// Waits until one with this in it is there.
  func until(_ text: String) async {
    while !lines.withLock({ $0.contains { $0.contains(text) } }), !Task.isCancelled {
      await Task.yield()
    }
  }
}
