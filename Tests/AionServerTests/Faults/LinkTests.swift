import AionCatalog
import AionModel
import AionRPC
import AionServer
import ClusterRig
import Testing

@Suite("Links of a rig", .serialized, .timeLimit(.minutes(5)))
struct LinkTests {
  @Test("What waits on a link that is held arrives once it passes again, and nothing before")
  func held() async throws {
    try await ClusterRig.run(founders: 1, hostility: .network) { rig in
      _ = try await rig.leader()
      let group = RemoteControlPlane(rig.client)
      _ = try await group.propose(CommandBatch(.upsertRole(.init(name: "before"))))
      let seen = try #require(await rig.status(of: 1)).applied
      try rig.set(.hold, from: .clients, to: .node(1))
      let write = Task { () async throws(ClusterError) in
        try await group.propose(CommandBatch(.upsertRole(.init(name: "held"))))
      }
      await #expect(throws: ClusterError.self, "nobody gets through") {
        try await RemoteControlPlane(rig.client).within(.milliseconds(500)).status()
      }
      #expect(try #require(await rig.status(of: 1)).applied == seen)
      try rig.heal()
      #expect(try await write.value.index.rawValue > seen)
      await group.close()
    }
  }

  @Test("What is answered on a link that is held is done, and nobody hears of it before it passes")
  func heldBack() async throws {
    try await ClusterRig.run(founders: 1, hostility: .network) { rig in
      _ = try await rig.leader()
      let group = RemoteControlPlane(rig.client)
      _ = try await group.propose(CommandBatch(.upsertRole(.init(name: "before"))))
      let seen = try #require(await rig.status(of: 1)).applied
      try rig.set(.hold, from: .node(1), to: .clients)
      let write = Task { () async throws(ClusterError) in
        try await group.propose(CommandBatch(.upsertRole(.init(name: "unheard"))))
      }
      try await rig.wait("it is written") { $0[1]?.applied ?? 0 > seen }
      try rig.heal()
      #expect(try await write.value.index.rawValue > seen)
      await group.close()
    }
  }

  @Test("A link that resets ends connections, and lets none begin")
  func reset() async throws {
    try await ClusterRig.run(founders: 1, hostility: .network) { rig in
      _ = try await rig.leader()
      let connection = try await ClientConnection.open(to: rig.addresses[0], as: "client")
      try rig.set(.reset, from: .clients, to: .node(1))
      await #expect(throws: RequestFailure.self) {
        try await connection.call(Request([], timeout: .seconds(60)))
      }
      #expect(!connection.isOpen)
      await #expect(throws: ConnectionEnd.self) {
        try await ClientConnection.open(to: rig.addresses[0], as: "client")
      }
      try rig.heal()
      try await ClientConnection.open(to: rig.addresses[0], as: "client").close()
    }
  }
}
