import AionCatalog
import AionModel
import AionRPC
import Synchronization
import Testing

@Suite("A replica that hangs", .timeLimit(.minutes(1)))
struct SilentReplicaTests {
  @Test("Another one is asked, and asked again before it is, though that one sends there")
  func othersBelieveInIt() async throws {
    let asked = Mutex<[Int]>([])
    let silent = try await Endpoint.start(
      for: TestHost(1) { _, _, _ in
        asked.withLock { $0.append(1) }
        while !Task.isCancelled { await Task.yield() }
        return .answer([])
      })
    let address = "\(silent.address)"
    let other = try await Endpoint.start(
      for: TestHost(2) { _, _, _ in
        let count = asked.withLock { asked in
          asked.append(2)
          return asked.count { $0 == 2 }
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
    // For how long it is left alone is a matter of time: see ReplicaDirectoryTests.
    asked.withLock { #expect($0.starts(with: [1, 2, 2])) }
    await plane.close()
    for endpoint in [silent, other] { await endpoint.close() }
  }
}
