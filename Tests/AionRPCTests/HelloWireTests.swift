import AionModel
import AionRPC
import AionWire
import StockTools
import Testing

@Suite("Introductions on the wire")
struct HelloWireTests {
  private static let peer = PeerIdentity(replica: 3, name: "node-c", address: "10.0.0.3:7432")
  private static let cluster = ClusterID(0x0123_4567_89AB_CDEF_0000_0000_0000_0001)

  static let hellos = [
    Hello(
      cluster: cluster, addressee: .replica(2), caller: .replica(peer, .messages),
      frameLimit: ByteCount(1 << 24)),
    Hello(cluster: cluster, caller: .replica(peer, .snapshots), frameLimit: 5),
    Hello(versions: 1...9, cluster: nil, caller: .client(name: "", token: nil), frameLimit: 0),
    Hello(cluster: 1, caller: .client(name: "psql", token: "geheim"), frameLimit: 1),
    Hello(
      cluster: 1, addressee: .node("node-a"), caller: .client(name: "node-b", token: nil),
      frameLimit: 1),
  ]
  static let welcomes = [
    Welcome(
      version: 1, cluster: cluster, host: .replica(peer), role: nil, frameLimit: ByteCount(1 << 24),
      peers: [peer]),
    Welcome(version: 7, cluster: 5, host: .replica(peer), role: .admin, frameLimit: 9, peers: []),
    Welcome(version: 1, cluster: 5, host: .node("node-a"), role: .writer, frameLimit: 9, peers: []),
  ]
  static let refusals: [HelloRefusal] = [
    .version(asked: 2...3, spoken: 1...1), .cluster(asked: 7, found: cluster),
    .addressee(asked: .replica(1), found: .replica(2)),
    .addressee(asked: .node("node-a"), found: .node("node-b")),
    .addressee(asked: nil, found: .node("node-b")), .sameReplica(3),
    .unauthenticated("unknown token"),
    .tooManyConnections(limit: 4_096), .shuttingDown,
  ]
  static let responses: [Response] = [
    .answer([]), .answer([1, 2]), .failure(.forbidden(needs: .admin, has: .reader)),
    .failure(.timedOut), .failure(.tooManyRequests(limit: 9)), .failure(.notUnderstood("x")),
    .failure(.answerTooLong), .failure(.foreignNode("node-a")),
  ]

  /// Reads back what was written, and lets Protocol Buffers' own compiler do the same.
  private func check<Message: WireMessage & Equatable>(
    _ message: Message, as name: String
  ) throws {
    let bytes = message.encoded()
    #expect(try Message(decoding: bytes) == message)
    let text = try Protoc.decode(bytes, as: name, in: "rpc")
    #expect(!text.contains(/(?m)^\s*\d+:/), "a field that the schema does not know: \(text)")
    #expect(try Protoc.encode(text, as: name, in: "rpc") == bytes)
    for length in bytes.indices {
      _ = try? Message(decoding: Array(bytes[..<length]))
    }
  }

  @Test("Hellos", arguments: hellos)
  func hello(_ hello: Hello) throws { try check(hello, as: "Hello") }

  @Test("Welcomes", arguments: welcomes)
  func welcome(_ welcome: Welcome) throws { try check(welcome, as: "Welcome") }

  @Test("Refusals", arguments: refusals)
  func refusal(_ refusal: HelloRefusal) throws { try check(refusal, as: "HelloRefusal") }

  @Test("Responses", arguments: responses)
  func response(_ response: Response) throws { try check(response, as: "Response") }

  @Test("Requests")
  func request() throws {
    try check(Request([1, 2, 3], timeout: .seconds(3), credit: 16), as: "Request")
    try check(Request([], timeout: .zero), as: "Request")
  }

  @Test("A hello that is neither of a replica nor of a client, or of both, is refused")
  func neither() {
    var writer = WireWriter()
    writer.varint(1, UInt64(1))
    writer.varint(2, UInt64(1))
    #expect(throws: WireError.self) { try Hello(decoding: writer.bytes) }
    writer.message(7) { Self.peer.encode(into: &$0) }
    #expect(throws: WireError.self) { try Hello(decoding: writer.bytes) }
    writer.varint(8, UInt64(1))
    #expect(throws: Never.self) { try Hello(decoding: writer.bytes) }
    writer.alwaysString(9, "both")
    #expect(throws: WireError.self) { try Hello(decoding: writer.bytes) }
  }
}
