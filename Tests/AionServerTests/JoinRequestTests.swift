import AionModel
import AionRPC
import AionServer
import StockTools
import Testing

@Suite("What is asked by who joins, on the wire")
struct JoinRequestTests {
  static let requests = [
    JoinRequest(name: "node-d", address: "[::1]:7400"), JoinRequest(name: "", address: ""),
  ]
  static let responses: [JoinResponse] = [
    .takenIn(7), .elsewhere(address: nil), .elsewhere(address: "a:1"),
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
  func request(_ request: JoinRequest) throws { try check(request, as: "JoinRequest") }

  @Test("Responses", arguments: responses)
  func response(_ response: JoinResponse) throws { try check(response, as: "JoinResponse") }

  @Test("Nothing at all is no request")
  func empty() {
    #expect(throws: (any Error).self) { try JoinRequest(decoding: []) }
    #expect(throws: (any Error).self) { try JoinResponse(decoding: []) }
  }
}
