import AionModel
import AionRPC
import Synchronization
import Testing

@Suite("Fragments are executed on the node that was asked", .timeLimit(.minutes(1)))
struct FragmentExecutionTests {
  @Test("The engine is given what was sent, and what it answers comes back")
  func roundTrip() async throws {
    let seen = Mutex<Fragment?>(nil)
    let rig = try await FragmentRig { fragment, result throws(ClusterError) in
      seen.withLock { $0 = fragment }
      try await result.send(fragment.plan.body.reversed())
      try await result.send([9])
    }
    #expect(try await rig.execute() == [3, 2, 1, 9])
    let fragment = try #require(seen.withLock { $0 })
    var options = rig.options()
    #expect(fragment.deadline != nil)
    options.timeout = nil
    #expect(fragment.options == options)
    #expect(fragment.plan == FragmentPlan("scan orders", body: [1, 2, 3]))
    #expect(fragment.caller.name == "test" && fragment.caller.role == .admin)
    #expect(fragment.catalog.shard(FragmentRig.shard) != nil)

    _ = try await rig.execute(timeout: nil)
    #expect(seen.withLock { $0 }?.deadline == nil)
    #expect(rig.server.activity.done == 2 && rig.server.activity.running == 0)
    await rig.close()
  }

  @Test("A result that is longer than a frame comes in pieces, and whole")
  func longResult() async throws {
    let length = ConnectionLimits().frame.bytes + 12_345
    let rig = try await FragmentRig { _, result throws(ClusterError) in
      try await result.send((0..<length).map { UInt8(truncatingIfNeeded: $0 / 7) })
    }
    let result = try await rig.execute()
    #expect(result.count == length)
    #expect(result.indices.allSatisfy { result[$0] == UInt8(truncatingIfNeeded: $0 / 7) })

    let pieces = Mutex<[Int]>([])
    try await rig.executor.execute(
      on: "node-a", FragmentPlan("scan", body: []), options: rig.options()
    ) { piece in
      pieces.withLock { $0.append(piece.count) }
      return true
    }
    #expect(pieces.withLock { $0 }.reduce(0, +) == length)
    #expect(pieces.withLock { $0 }.count > 64)
    await rig.close()
  }

  @Test("A result without end is cut off, and the engine stops")
  func endless() async throws {
    let ends = AsyncStream<ClusterError>.makeStream()
    let rig = try await FragmentRig({ $0.resultLimit = .mebibytes(1) }) {
      _, result throws(ClusterError) in
      do throws(ClusterError) {
        while true { try await result.send(Array(repeating: 1, count: 100_000)) }
      } catch {
        ends.continuation.yield(error)
        throw error
      }
    }
    let refusal = await #expect(throws: ClusterError.self) { try await rig.execute() }
    #expect(refusal?.sqlState == "54000" && refusal?.message.contains("scan orders") == true)
    var stopped = ends.stream.makeAsyncIterator()
    #expect(await stopped.next() == .cancelled)
    await rig.close()
  }

  @Test("A plan that does not fit into a frame is refused here, and the connection stays")
  func longPlan() async throws {
    let rig = try await FragmentRig { _, _ in }
    let body = [UInt8](repeating: 1, count: ConnectionLimits().frame.bytes)
    let refusal = await #expect(throws: ClusterError.self) { try await rig.execute(1, body) }
    #expect(refusal?.sqlState == "54000" && refusal?.message.contains("node node-a") == true)
    #expect(rig.executor.connections.first?.isConnected == true)
    #expect(try await rig.execute() == [])
    await rig.close()
  }

  @Test("What the engine refuses a fragment with, the caller is told")
  func refusal() async throws {
    let error = ClusterError.other(sqlState: "22012", message: "division by zero")
    let rig = try await FragmentRig { _, result throws(ClusterError) in
      try await result.send([1])
      throw error
    }
    await #expect(throws: error) { try await rig.execute() }
    #expect(rig.server.activity.failed == 1)
    await rig.close()
  }

  @Test("A reader has nothing executed, and cancels nothing")
  func forbidden() async throws {
    let rig = try await FragmentRig { _, _ in }
    let reader = FragmentRig.executor(on: rig.plane) { $0.token = "read" }
    let refusal = await #expect(throws: ClusterError.self) {
      try await reader.execute(
        on: "node-a", FragmentPlan("scan", body: []), options: rig.options())
    }
    #expect(refusal?.sqlState == "42501")
    let other = await #expect(throws: ClusterError.self) {
      try await reader.cancel(on: "node-a", query: 1, fragment: 1)
    }
    #expect(other?.sqlState == "42501")
    #expect(rig.server.meters.forbiddenRequests.value == 2 && rig.server.activity.begun == 0)
    reader.close()
    await rig.close()
  }

  @Test("So many fragments are executed at a time, and no more")
  func tooMany() async throws {
    var limits = FragmentLimits()
    limits.fragments = 2
    let gate = Gate()
    let rig = try await FragmentRig(limits: limits) { _, _ throws(ClusterError) in
      try await gate.pass()
    }
    let held = [rig.begin(1), rig.begin(2)]
    await gate.untilHeld(2)
    #expect(rig.server.activity.running == 2)
    await #expect(throws: ClusterError.busy(.fragments(limit: 2))) { try await rig.execute(3) }
    gate.open()
    for task in held { #expect(await task.value == .success([])) }
    #expect(try await rig.execute(3) == [])
    #expect(rig.server.activity.turnedAway == 1)
    await rig.close()
  }

  @Test("Plans of so many bytes are held at a time, and no more")
  func tooLong() async throws {
    var limits = FragmentLimits()
    limits.planBytes = 5
    let gate = Gate()
    let rig = try await FragmentRig(limits: limits) { _, _ throws(ClusterError) in
      try await gate.pass()
    }
    let held = rig.begin(1)
    await gate.untilHeld(1)
    #expect(rig.server.activity.planBytes == 3)
    await #expect(throws: ClusterError.busy(.fragmentBytes(limit: 5))) { try await rig.execute(2) }
    gate.open()
    #expect(await held.value == .success([]))
    #expect(try await rig.execute(2) == [])
    #expect(rig.server.activity.planBytes == 0)
    await rig.close()
  }

  @Test("A fragment that is executed is not begun a second time")
  func twice() async throws {
    let gate = Gate()
    let rig = try await FragmentRig { _, _ throws(ClusterError) in try await gate.pass() }
    let held = rig.begin(1)
    await gate.untilHeld(1)
    let refusal = await #expect(throws: ClusterError.self) { try await rig.execute(1) }
    #expect(refusal?.sqlState == "42710")
    gate.open()
    #expect(await held.value == .success([]))
    #expect(try await rig.execute(1) == [])
    await rig.close()
  }
}
