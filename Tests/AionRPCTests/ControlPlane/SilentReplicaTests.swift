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
        await untilCancelled()
        return .answer([])
      })
    let address = "\(silent.address)"
    let believer = TestHost(2)
    // On its event loop, so that it answers in time whatever else the machine has to do.
    believer.begins = { _, _, answer in
      let count = asked.withLock { asked in
        asked.append(2)
        return asked.count { $0 == 2 }
      }
      // Nobody else has been elected yet.
      if count > 3, let found = try? ClusterState().snapshot.answer(to: .databases) {
        answer { .answer(OperationAnswer.read(found).encoded()) }
      } else {
        let refusal = ClusterError.notLeader(leader: nil, address: address)
        answer { .answer(OperationAnswer.refused(refusal).encoded()) }
      }
      return true
    }
    let other = try await Endpoint.start(for: believer)
    var configuration = RemoteConfiguration(
      addresses: [silent.address, other.address], name: "test", seed: 1)
    configuration.attemptTimeout = .seconds(1)
    configuration.timeout = .seconds(60)
    // Its time stands still: for how long the silent one is left alone is seen in
    // ReplicaDirectoryTests.
    let plane = RemoteControlPlane(configuration) { [start = ContinuousClock.now] in start }
    #expect(try await plane.databases().isEmpty)
    asked.withLock { #expect($0 == [1, 2, 2, 2, 2]) }
    await plane.close()
    for endpoint in [silent, other] { await endpoint.close() }
  }
}
