import AionModel
import AionRPC
import NIOCore
import NIOPosix
import Testing

@Suite("Whoever sends nonsense is cut off, and nobody else notices", .timeLimit(.minutes(1)))
struct HostilePeerTests {
  /// Connects, sends the bytes, and waits for the other side to end the connection.
  private func send(_ bytes: [UInt8], to endpoint: Endpoint) async throws {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: endpoint.address.host, port: endpoint.address.port).get()
    if !bytes.isEmpty { try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get() }
    try await channel.closeFuture.get()
  }

  private func bytes(_ frames: Frame...) -> [UInt8] {
    var buffer = ByteBuffer()
    for frame in frames { buffer.writeFrame(frame) }
    return Array(buffer.readableBytesView)
  }

  private func checkAlive(_ endpoint: Endpoint) async throws {
    let client = try await ClientConnection.open(to: endpoint.address, as: "test")
    #expect(try await client.call(Request([5], timeout: .seconds(60))) == [5])
  }

  @Test("Noise, half a frame, a TLS greeting, a request before the hello, a hello too long")
  func nonsense() async throws {
    let endpoint = try await Endpoint.start(for: TestHost(1)) {
      $0.limits.helloTime = .milliseconds(200)
    }
    var chance = SplitMix64(seed: 5)
    let noise = (0..<4_096).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
    let hello = Hello(
      cluster: nil, caller: .client(name: "x", token: nil), frameLimit: ByteCount(1 << 20))
    let whole = bytes(Frame(.hello, payload: hello.encoded()))
    let cases: [[UInt8]] = [
      noise, Array(whole.prefix(10)), Array(whole.prefix(30)),
      [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3] + noise.prefix(300),
      bytes(Frame(.request, exchange: 1)), bytes(Frame(.hello, payload: [0xFF, 0xFF])),
      bytes(Frame(.hello, payload: Array(repeating: 0, count: 5_000))),
      whole + bytes(Frame(.envelope)), whole + bytes(Frame(.hello, payload: hello.encoded())),
      whole + bytes(Frame(.request, exchange: 1, payload: [0xFF])),
    ]
    for bytes in cases { try await send(bytes, to: endpoint) }
    // Each was counted as what it is: nobody closed politely.
    #expect(endpoint.meters.faults.value == UInt64(cases.count))
    try await checkAlive(endpoint)
    await endpoint.close()
  }

  @Test("A caller that says nothing is cut off")
  func silent() async throws {
    let endpoint = try await Endpoint.start(for: TestHost(1)) {
      $0.limits.helloTime = .milliseconds(50)
    }
    try await send([], to: endpoint)
    #expect(endpoint.meters.faults.value == 1)
    try await checkAlive(endpoint)
    await endpoint.close()
  }

  @Test("A frame without end is refused on its header, whatever follows")
  func endless() async throws {
    let endpoint = try await Endpoint.start(for: TestHost(1))
    let long = bytes(Frame(.hello, payload: Array(repeating: 0, count: 8_192)))
    try await send(Array(long.prefix(100)), to: endpoint)
    try await checkAlive(endpoint)
    await endpoint.close()
  }

  @Test("One connection too many is closed at once, and a seat that is free again is given")
  func tooMany() async throws {
    let endpoint = try await Endpoint.start(for: TestHost(1)) { $0.limits.connections = 2 }
    let first = try await ClientConnection.open(to: endpoint.address, as: "one")
    let second = try await ClientConnection.open(to: endpoint.address, as: "two")
    await #expect(throws: ConnectionEnd.self) {
      _ = try await ClientConnection.open(to: endpoint.address, as: "three")
    }
    #expect(endpoint.meters.excessConnections.value == 1)
    #expect(try await first.call(Request([1], timeout: .seconds(60))) == [1])
    second.close()
    while (try? await ClientConnection.open(to: endpoint.address, as: "four")) == nil {}
    await endpoint.close()
  }
}
