import AionCatalog
import AionModel
import AionRPC
import Synchronization
import Testing

@Suite("A replica that hangs", .timeLimit(.minutes(1)))
struct SilentReplicaTests {
  @Test("It is not asked again for a while because others still take it for the leader")
  func othersBelieveInIt() async throws {
    let asked = Mutex((silent: 0, other: 0))
    let silent = try await Endpoint.start(
      for: TestHost(1) { _, _, _ in
        asked.withLock { $0.silent += 1 }
        while !Task.isCancelled { await Task.yield() }
        return .answer([])
      })
    let address = "\(silent.address)"
    let other = try await Endpoint.start(
      for: TestHost(2) { _, _, _ in
        let count = asked.withLock { asked in
          asked.other += 1
          return asked.other
        }
        // Nobody else has been elected yet.
        guard count > 3, let found = try? ClusterState().snapshot.answer(to: .databases) else {
          let refusal = ClusterError.notLeader(leader: nil, address: address)
          return .answer(OperationAnswer.refused(refusal).encoded())
        }
        return .answer(OperationAnswer.read(found).encoded())
      })
    let plane = RemoteControlPlane(to: silent, other) { $0.attemptTimeout = .seconds(1) }
    #expect(try await plane.databases().isEmpty)
    asked.withLock { #expect($0 == (silent: 1, other: 4)) }
    await plane.close()
    for endpoint in [silent, other] { await endpoint.close() }
  }
}
