import AionModel
import AionRPC
import AionServer
import Testing

@Suite("Founding members")
struct FoundingMemberTests {
  @Test("A list is read; numbers follow the names, in whatever order it was written")
  func list() throws {
    let members = try FoundingMember.list("b=10.0.0.2:7400,a=[::1]:7401")
    #expect(members.map(\.name) == ["b", "a"])
    #expect(members.map(\.address.port) == [7_400, 7_401])
  }

  @Test(
    "A list that cannot be is refused, with the part that is wrong",
    arguments: ["", "a", "a=", "=h:1", "a=h", "a=h:0", "a=h:1,", "a=h:1,a=h:2", "a=h:99999"])
  func refused(text: String) {
    #expect(throws: ServerFault.self) { try FoundingMember.list(text) }
  }
}

@Suite("Where others are")
struct PeerBookTests {
  @Test("Replicas that were replaced make room for new ones, and members stay")
  func room() {
    func peer(_ number: Int) -> PeerIdentity {
      PeerIdentity(replica: ReplicaID(UInt64(number)), name: "n\(number)", address: "h:\(number)")
    }
    var book = PeerBook()
    for number in 1...PeerBook.limit { _ = book.noteHearsay(peer(number)) }
    let hadRoom = book.noteHearsay(peer(1_000))
    #expect(!hadRoom && book.peers.count == PeerBook.limit)
    let isHeard = book.note(peer(1_001))
    #expect(isHeard && book.peers.first == peer(2) && book.peers.last == peer(1_001))
    #expect(book.peers.count == PeerBook.limit, "who speaks for itself comes before hearsay")
    book.makeRoom { $0 == 3 || $0 == 60 }
    #expect(book.peers == [peer(3), peer(60)])
    let hasRoom = book.note(peer(1_000))
    #expect(hasRoom)
    book.makeRoom { _ in false }
    #expect(book.peers.count == 3, "as long as there is room, nobody is forgotten")
  }
}
