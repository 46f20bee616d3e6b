import AionLog
import AionModel
import AionNode
import AionRaft
import AionWire
import StockTools
import Testing

@Suite("Envelopes on the wire")
struct EnvelopeWireTests {
  private static let file = SnapshotFileID(
    position: LogPosition(term: 3, index: 70_000), size: .mebibytes(2), checksum: 0xDEAD_BEEF)
  private static let lives = [GroupRecord.Life(1, 11), GroupRecord.Life(2, Incarnation(.max), 3)]

  private static let bodies: [Envelope.Body] = [
    .raft(
      Message(
        from: 9, to: 2,
        .vote(7, last: LogPosition(term: 6, index: 5), committed: .zero, isTransfer: true))),
    .introduction(Introduction(lives: lives, wantsAnswer: true)),
    .introduction(Introduction(lives: [], wantsAnswer: false)),
    .refusal(.otherCluster(ClusterID(1 << 100 | 5))),
    .refusal(.otherIncarnation(known: 77)),
    .snapshotOffer(
      SnapshotOffer(
        file: file, term: 4,
        metadata: SnapshotMetadata(
          position: file.position, membership: Membership(voters: [1, 2], learners: [3])),
        lives: lives)),
    .snapshotChunk(SnapshotChunk(file: file, offset: 0, bytes: [1, 2, 3], checksum: 9)),
    .snapshotProgress(SnapshotProgress(file: file, state: .wants(from: 0))),
    .snapshotProgress(SnapshotProgress(file: file, state: .wants(from: 300))),
    .snapshotProgress(SnapshotProgress(file: file, state: .done)),
    .snapshotProgress(SnapshotProgress(file: file, state: .refused)),
    .readmission(Readmission(formers: [11, Incarnation(.max)], term: 300)),
    .readmission(Readmission(formers: [], term: .zero)),
  ]

  private static let envelopes =
    bodies.map {
      Envelope(from: 1, to: 2, cluster: ClusterID(3 << 64 | 7), incarnation: 11, $0)
    }
    + bodies.map {
      Envelope(
        from: 1, to: 2, cluster: 7, incarnation: 12, generation: 300, isRecovering: true, $0)
    }

  @Test("What is written is read back", arguments: envelopes)
  func roundTrip(envelope: Envelope) throws {
    #expect(try Envelope(decoding: envelope.encoded()) == envelope)
  }

  @Test("Protocol Buffers' own compiler reads them, and writes them byte for byte")
  func protocAgrees() throws {
    for envelope in Self.envelopes {
      let bytes = envelope.encoded()
      let text = try Protoc.decode(bytes, as: "Envelope", in: "node")
      #expect(!text.contains(/(?m)^\s*\d+:/), "a field that the schema does not know")
      #expect(try Protoc.encode(text, as: "Envelope", in: "node") == bytes, "\(envelope)")
    }
  }

  @Test("Cut anywhere or changed anywhere, it is refused or is another envelope, never a trap")
  func damaged() {
    for envelope in Self.envelopes {
      let bytes = envelope.encoded()
      for count in bytes.indices { _ = try? Envelope(decoding: Array(bytes[..<count])) }
      for place in bytes.indices {
        for bit in 0..<8 {
          var changed = bytes
          changed[place] ^= 1 << bit
          _ = try? Envelope(decoding: changed)
        }
      }
    }
  }

  @Test("The bytes are those of the schema, and stay")
  func golden() {
    let envelope = Envelope(
      from: 1, to: 2, cluster: ClusterID(3 << 64 | 7), incarnation: 11,
      .snapshotProgress(
        SnapshotProgress(
          file: SnapshotFileID(
            position: LogPosition(term: 3, index: 300), size: 512, checksum: 0x0403_0201),
          state: .wants(from: 256))))
    var recovering = envelope
    (recovering.generation, recovering.isRecovering) = (2, true)
    #expect(recovering.encoded() == envelope.encoded() + [0x68, 2, 0x70, 1])
    #expect(
      envelope.encoded() == [
        0x08, 1, 0x10, 2,  // from, to
        0x19, 7, 0, 0, 0, 0, 0, 0, 0, 0x21, 3, 0, 0, 0, 0, 0, 0, 0,  // cluster
        0x29, 11, 0, 0, 0, 0, 0, 0, 0,  // incarnation
        0x5A, 18,  // snapshot_progress
        0x0A, 13, 0x08, 0xAC, 0x02, 0x10, 3, 0x18, 0x80, 0x04, 0x25, 1, 2, 3, 4,  // file
        0x10, 0x80, 0x02,  // wants_from
      ])
  }
}
