import AionCatalog
import AionModel
import AionRPC
import Testing

@Suite("A refusal fits into a frame, however much there is to say")
struct LongWordsTests {
  private let long = String(repeating: "ä", count: 10_000_000)

  @Test("Of long words the beginning comes over")
  func answers() throws {
    let errors: [ClusterError] = [
      .other(sqlState: "XX000", message: long), .unreachable(reason: long),
      .storageFailed(path: "/data", reason: long),
      .fragmentOutsideScope(label: long, .shard(FragmentRig.shard)),
    ]
    for error in errors {
      for bytes in [
        OperationAnswer.refused(error).encoded(), FragmentAnswer.refused(error).encoded(),
      ] {
        #expect(bytes.count < 16 << 10)
      }
      let answer = try OperationAnswer(decoding: OperationAnswer.refused(error).encoded())
      guard case .refused(let told) = answer else {
        Issue.record("\(answer)")
        return
      }
      #expect(told.sqlState == error.sqlState && told.message.contains("ää…"))
    }
  }

  @Test("One that is told before both sides know each other fits into the shorter frames of then")
  func hellos() throws {
    let refusal = HelloRefusal.unauthenticated(long)
    let bytes = refusal.encoded()
    #expect(bytes.count < ConnectionLimits().hello.bytes)
    #expect("\(try HelloRefusal(decoding: bytes))".hasSuffix("ää…"))
  }

  @Test("A text is cut between characters, and only when it is too long")
  func cut() {
    #expect("abc".cut(to: 3) == "abc")
    #expect("abcd".cut(to: 3) == "abc…")
    #expect("aää".cut(to: 4) == "aä…")
  }
}
