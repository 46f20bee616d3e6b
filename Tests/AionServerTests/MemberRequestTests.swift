import AionModel
import AionRPC
import AionServer
import StockTools
import Testing

@Suite("What is asked about members, on the wire")
struct MemberRequestTests {
  static let requests: [MemberRequest] = [
    .join(name: "node-d", address: "[::1]:7400"), .promote(4), .remove(1_099_511_627_776),
    .transfer(0),
    .transfer(3),
  ]
  static let responses: [MemberResponse] = [
    .takenIn(7), .done, .elsewhere(address: nil), .elsewhere(address: "a:1"),
    .later(reason: "busy"), .refused(reason: "no"),
  ]

  private func check<Message: WireMessage & Equatable>(
    _ message: Message, as name: String
  ) throws {
    let bytes = message.encoded()
    #expect(try Message(decoding: bytes) == message)
    let text = try Protoc.decode(bytes, as: name, in: "server")
    #expect(!text.contains(/(?m)^\s*\d+:/), "a field that the schema does not know: \(text)")
    #expect(try Protoc.encode(text, as: name, in: "server") == bytes)
    for length in bytes.indices { _ = try? Message(decoding: Array(bytes[..<length])) }
  }

  @Test("Requests", arguments: requests)
  func request(_ request: MemberRequest) throws { try check(request, as: "MemberRequest") }

  @Test("Responses", arguments: responses)
  func response(_ response: MemberResponse) throws { try check(response, as: "MemberResponse") }

  @Test("Nothing at all is no request")
  func empty() {
    #expect(throws: (any Error).self) { try MemberRequest(decoding: []) }
    #expect(throws: (any Error).self) { try MemberResponse(decoding: []) }
  }
}
