import AionModel
import AionRPC
import NIOCore
import NIOPosix
import Testing

@Suite("A fragment that nobody wants any more stops", .timeLimit(.minutes(1)))
struct FragmentCancellingTests {
  private func rig(_ gate: Gate) async throws -> FragmentRig {
    try await FragmentRig { _, _ throws(ClusterError) in try await gate.pass() }
  }

  @Test("When it is cancelled by its name, by whoever had it executed")
  func byName() async throws {
    let gate = Gate()
    let rig = try await rig(gate)
    let (one, other) = (rig.begin(1), rig.begin(2))
    await gate.untilHeld(2)
    try await rig.executor.cancel(
      on: "node-a", query: rig.options().queryID, fragment: 1)
    #expect(await one.value == .failure(.cancelled))
    await gate.untilCancelled(1)
    gate.open()
    #expect(await other.value == .success([]))
    #expect(gate.cancelled == 1)
    await rig.close()
  }

  @Test("When it is cancelled by its name, by somebody else")
  func byOther() async throws {
    let gate = Gate()
    let rig = try await rig(gate)
    let other = FragmentRig.executor(on: rig.plane)
    let task = rig.begin(1)
    await gate.untilHeld(1)
    try await other.cancel(on: "node-a", query: rig.options().queryID, fragment: 1)
    #expect(await task.value == .failure(.cancelled))
    #expect(gate.cancelled == 1 && rig.server.activity.cancelled == 1)
    other.close()
    await rig.close()
  }

  @Test("Cancelling what is unknown, or done, is nothing")
  func unknown() async throws {
    let gate = Gate()
    gate.open()
    let rig = try await rig(gate)
    try await rig.executor.cancel(on: "node-a", query: 1, fragment: 1)
    #expect(try await rig.execute(1) == [])
    try await rig.executor.cancel(on: "node-a", query: rig.options().queryID, fragment: 1)
    #expect(try await rig.execute(1) == [])
    await rig.close()
  }

  @Test("When the caller's task is cancelled")
  func byTask() async throws {
    let gate = Gate()
    let rig = try await rig(gate)
    let task = rig.begin(1)
    await gate.untilHeld(1)
    task.cancel()
    #expect(await task.value == .failure(.cancelled))
    await gate.untilCancelled(1)
    await rig.close()
  }

  @Test("When the connection over which it came ends")
  func byConnection() async throws {
    let gate = Gate()
    let rig = try await rig(gate)
    let task = rig.begin(1)
    await gate.untilHeld(1)
    rig.executor.close()
    await gate.untilCancelled(1)
    #expect(await task.value == .failure(.outcomeUnknown))
    await rig.close()
  }

  @Test("When its time is over")
  func byTime() async throws {
    let gate = Gate()
    let rig = try await rig(gate)
    // Longer each time, until the fragment has come to the engine before it was over.
    var timeout = Duration.milliseconds(25)
    var outcome = Result<[UInt8], ClusterError>.success([])
    while gate.held == 0 {
      timeout *= 2
      outcome = await rig.begin(1, timeout: timeout).value
    }
    let expected = ClusterError.fragmentTimedOut(label: "scan orders", after: timeout)
    #expect(outcome == .failure(expected))
    await gate.untilCancelled(1)
    await rig.close()
  }

  @Test("When its time is over and the caller says nothing of it: the node counts for itself")
  func bySilentCaller() async throws {
    let gate = Gate()
    let rig = try await rig(gate)
    let hello = Hello(
      cluster: 7, addressee: .node("node-a"), caller: .client(name: "x", token: nil),
      frameLimit: .mebibytes(1))
    let execution = FragmentRequest.execute(
      FragmentPlan("scan", body: []), rig.options(timeout: nil))
    let request = Request(execution.encoded(), timeout: .milliseconds(50), credit: 1)
    var buffer = ByteBuffer()
    buffer.writeFrame(Frame(.hello, payload: hello.encoded()))
    buffer.writeFrame(Frame(.request, exchange: 1, payload: request.encoded()))
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: rig.server.address.host, port: rig.server.address.port).get()
    try await channel.writeAndFlush(buffer).get()
    while rig.server.activity.cancelled == 0 { await Task.yield() }
    #expect(channel.isActive && rig.server.activity.running == 0)
    try await channel.close().get()
    await rig.close()
  }

  @Test("When the node stops")
  func byClosing() async throws {
    let gate = Gate()
    let rig = try await rig(gate)
    let task = rig.begin(1)
    await gate.untilHeld(1)
    await rig.server.close()
    #expect(gate.cancelled == 1)
    // The answer may have been on its way when the connection was closed.
    let outcome = await task.value
    #expect(outcome == .failure(.cancelled) || outcome == .failure(.outcomeUnknown))

    rig.executor.close()
  }

  @Test("Not by a node that stops with grace: what is done before it is over is answered")
  func notWithGrace() async throws {
    for _ in 0..<30 {
      let gate = Gate()
      let rig = try await rig(gate)
      let kept = rig.begin(1)
      await gate.untilHeld(1)
      let closing = Task { await rig.server.close(grace: .seconds(60)) }
      gate.open()
      await closing.value
      #expect(gate.cancelled == 0 && rig.server.activity.done == 1)
      #expect(await kept.value == .success([]))
      rig.executor.close()
    }
  }
}
