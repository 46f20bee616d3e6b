import AionModel
import AionRaft
import AionWire
import StockTools
import Testing

@Suite("Messages on the wire")
struct MessageWireTests {
  private static let seed: UInt64 = 41

  @Test("Every message that was written is read back as it was")
  func roundTrip() throws {
    for message in MessageSamples(seed: Self.seed).prefix(5_000) {
      #expect(try Message(decoding: message.encoded()) == message, "seed \(Self.seed)")
    }
  }

  /// A message and its bytes in hexadecimal: a running cluster is upgraded one process at a time.
  struct Frozen: Sendable, CustomTestStringConvertible {
    var name: String
    var body: Message.Body
    var bytes: String

    var testDescription: String { name }
  }

  static let frozen = [
    Frozen(
      name: "vote",
      body: .vote(
        7, last: LogPosition(term: 6, index: 300), committed: .zero, isTransfer: true),
      bytes: "0801100218072207080610ac021801"),
    Frozen(
      name: "vote of one who knows what is committed",
      body: .vote(
        7, last: LogPosition(term: 6, index: 9), committed: LogPosition(term: 5, index: 8),
        isTransfer: false),
      bytes: "08011002180722080806100920052808"),
    Frozen(
      name: "pre-vote",
      body: .preVote(
        7, last: LogPosition(term: 6, index: 9), committed: LogPosition(term: 5, index: 8)),
      bytes: "08011002180732080806100918052008"),
    Frozen(name: "grant", body: .voteReply(7, .granted), bytes: "0801100218072a020801"),
    Frozen(
      name: "refusal", body: .voteReply(7, .refused(committed: LogPosition(term: 5, index: 8))),
      bytes: "0801100218072a0410051808"),
    Frozen(
      name: "refusal of a pre-vote that says no more, as before",
      body: .preVoteReply(7, .refused(committed: .zero)), bytes: "0801100218073a00"),
    Frozen(
      name: "append",
      body: .append(
        3, previous: LogPosition(term: 2, index: 4),
        entries: [Entry(index: 5, term: 3, payload: .command([0xAB]))], commit: 4),
      bytes: "080110021803420f0802100418042207080510032201ab"
    ),
    Frozen(
      name: "rejected",
      body: .appendReply(3, .rejected(index: 9, hint: 4, hintTerm: 0)),
      bytes: "0801100218034a06100918042000"),
    Frozen(
      name: "heartbeat", body: .heartbeat(3, commit: 4, round: 0),
      bytes: "08011002180352040804"
        + "1000"),
    Frozen(name: "read", body: .readIndex(ReadID(11)), bytes: "0801100282010208" + "0b"),
  ]

  @Test("The bytes of a message stay what they are", arguments: frozen)
  func bytesAreFrozen(_ frozen: Frozen) throws {
    let message = Message(from: 1, to: 2, frozen.body)
    let bytes = message.encoded()
    #expect(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == frozen.bytes)
    #expect(try Message(decoding: bytes) == message)
  }

  @Test("Protocol Buffers' own compiler reads them, and writes them byte for byte")
  func protocAgrees() throws {
    // One process each: a few of every kind.
    for message in MessageSamples(seed: Self.seed).prefix(40) {
      let bytes = message.encoded()
      let text = try Protoc.decode(bytes, as: "Message", in: "raft")
      #expect(!text.contains(/(?m)^\s*\d+:/), "a field that the schema does not know")
      #expect(try Protoc.encode(text, as: "Message", in: "raft") == bytes, "\(message)")
    }
  }

  @Test("A message cut short at any byte is refused, or is the beginning of another; never a trap")
  func truncated() {
    for message in MessageSamples(seed: Self.seed).prefix(300) {
      let bytes = message.encoded()
      for length in bytes.indices {
        #expect((try? Message(decoding: Array(bytes[..<length]))) != message)
      }
    }
  }

  @Test("Damaged bytes are refused or read as another message; never a trap")
  func damaged() {
    var chance = SplitMix64(seed: Self.seed)
    var refused = 0
    for message in MessageSamples(seed: Self.seed).prefix(3_000) {
      var bytes = message.encoded()
      for _ in 0..<Int.random(in: 1...4, using: &chance) {
        bytes[Int.random(in: bytes.indices, using: &chance)] ^= UInt8(
          truncatingIfNeeded: chance.next())
      }
      do throws(WireError) { _ = try Message(decoding: bytes) } catch {
        refused += 1
        #expect(error.offset <= bytes.count)
      }
    }
    #expect(refused > 300)
  }

  @Test(
    "What a message cannot do without is asked for",
    arguments: [
      ([0x10, 2, 0x18, 1, 0x6A, 0], 1), ([0x08, 1, 0x18, 1, 0x6A, 0], 2),
      ([0x08, 1, 0x10, 2, 0x6A, 0], 3), ([0x08, 1, 0x10, 2, 0x18, 1], 4),
    ] as [([UInt8], UInt32)])
  func missing(_ bytes: [UInt8], _ field: UInt32) {
    #expect { try Message(decoding: bytes) } throws: { error in
      (error as? WireError)?.reason == .missingField(field)
    }
  }
}
