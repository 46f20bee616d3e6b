import AionModel
import AionRPC
import AionWire
import StockTools
import Testing

@Suite("Fragments on the wire")
struct FragmentWireTests {
  static let requests: [FragmentRequest] = [
    .cancel(FragmentName(query: QueryID(UInt128.max - 1), fragment: FragmentID(.max))),
    .cancel(FragmentName(query: 0, fragment: 0)),
    .execute(
      FragmentPlan("", body: []),
      FragmentRuntimeOptions(
        queryID: 0, fragmentID: 0, catalogVersion: 0, placementEpoch: 0)),
    .execute(
      FragmentPlan("scan", on: FragmentRig.shard, at: 0, body: [0, 1]),
      FragmentRuntimeOptions(
        queryID: QueryID(1 << 64), fragmentID: 1, catalogVersion: 4, placementEpoch: 5,
        txnScope: .multiShardWrite(coordinator: "node-a", shards: [FragmentRig.shard]))),
  ]

  static let answers: [FragmentAnswer] = [
    .done(0), .done(.mebibytes(64)), .refused(.cancelled),
    .refused(
      .fragmentOutOfStep(label: "scan", .catalogVersion(expected: 4, current: 5))),
  ]

  /// Reads back what was written, and lets Protocol Buffers' own compiler do the same.
  private func check<Message: WireMessage & Equatable>(
    _ message: Message, as name: String
  ) throws {
    let bytes = message.encoded()
    #expect(try Message(decoding: bytes) == message)
    let text = try Protoc.decode(bytes, as: name, in: "fragment")
    #expect(!text.contains(/(?m)^\s*\d+:/), "a field that the schema does not know: \(text)")
    #expect(try Protoc.encode(text, as: name, in: "fragment") == bytes)
    for length in bytes.indices { _ = try? Message(decoding: Array(bytes[..<length])) }
  }

  @Test("Requests", arguments: requests)
  func request(_ request: FragmentRequest) throws { try check(request, as: "FragmentRequest") }

  @Test("Answers", arguments: answers)
  func answer(_ answer: FragmentAnswer) throws { try check(answer, as: "FragmentAnswer") }

  @Test("A long label is cut, so that errors stay readable")
  func label() {
    let plan = FragmentPlan(String(repeating: "x", count: 1_000), body: [])
    #expect(plan.label.count == 120)
  }
}
