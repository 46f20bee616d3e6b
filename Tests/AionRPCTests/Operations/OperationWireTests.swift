import AionCatalog
import AionModel
import AionRPC
import AionWire
import StockTools
import Testing

@Suite("Operations as bytes")
struct OperationWireTests {
  static let key = ShardKey(database: 1, relation: 16_384, shard: 7)
  static let peer = PeerIdentity(replica: 4, name: "node-4", address: "10.0.0.4:7432")

  static let queries: [Query] = [
    .versions, .databases, .database(0), .database(7), .databaseNamed(""), .databaseNamed("größe"),
    .roles, .roleNamed("ada"), .nodes, .liveNodes, .node("n"), .shardsIn(0), .shardsOf(key.table),
    .key(.id(0)), .key(.key(key)), .resolveRead(key.table),
    .resolveWrite(key.table, key: [0, 255]), .resolveWrite(key.table, key: []), .leader(.key(key)),
    .lease(.id(7)), .transaction(0), .transactions, .undecided,
  ]

  static let everyOperation: [Operation] =
    queries.map { .read($0, .linearizable) } + [
      .propose(
        CommandBatch(
          [.openSession, .upsertNode(NodeDescriptor(id: "n", rpcEndpoint: "h:1"))], expecting: 3,
          stamp: SessionStamp(session: 1, sequence: 2, answeredBelow: 1))),
      .read(.versions, .local(atLeast: 0)), .read(.versions, .local(atLeast: 300)),
      .snapshot(.linearizable), .snapshot(.local(atLeast: 9)), .changes(from: 0),
      .changes(from: 1_000), .status, .manage(.add(peer)), .manage(.promote(4)),
      .manage(.remove(4)), .manage(.transferLeadership(to: nil)),
      .manage(.transferLeadership(to: 2)), .manage(.compact),
    ] + heartbeats

  static let heartbeats: [Operation] = {
    guard let second = TimeToLive(milliseconds: 1_000) else { preconditionFailure("no time") }
    let first = Heartbeat(node: "n", rpcEndpoint: "h:1", agent: 0, timeToLive: second)
    let progress = NodeProgress(
      applied: 0, shards: [key: 0, ShardKey(database: 0, relation: 0, shard: 0): 7])
    let later = Heartbeat(
      node: "größe", rpcEndpoint: "", agent: .init(.max), timeToLive: second, registration: 0,
      progress: progress, isGoodbye: true)
    return [.heartbeat(first), .heartbeat(later)]
  }()

  static let everyAnswer: [OperationAnswer] = {
    var read = ReadAnswer(index: 9, catalogVersion: 8, placementEpoch: 7)
    read.databases = [.defaultBootstrap(owner: "o")]
    read.roles = [.superuser(named: "ada")]
    read.nodes = [NodeDescriptor(id: "n", rpcEndpoint: "h:1")]
    read.shards = [
      ShardDescriptor(key: key, placements: [ShardPlacement(shard: 7, node: "n", role: .leader)])
    ]
    read.transactions = [TxnRecord(id: 3, scope: .singleShard(key))]
    read.leaders = [
      ShardPlacement(shard: 7, node: "n", role: .leader, leaseEpoch: 5),
      ShardPlacement(shard: 0, node: "m", role: .follower),
    ]
    read.leases = [
      EpochLease(shard: key, leader: "n", epoch: 5),
      EpochLease(shard: key, leader: "n", epoch: 5, expiresAfter: .milliseconds(1_500)),
    ]
    read.keys = [key]
    var status = ServiceStatus(cluster: ClusterID(1 << 100), replica: peer, role: .leader)
    (status.leader, status.term, status.committed, status.applied) = (4, 5, 6, 7)
    (status.last, status.snapshot, status.catalogVersion, status.placementEpoch) = (8, 9, 10, 11)
    (status.queuedWrites, status.problem) = (12, "the disk is full")
    (status.release, status.usedSpace, status.freeSpace) = ("1.2.3", .mebibytes(5), .zero)
    status.members = [
      .init(peer: peer, votes: true, matched: 0),
      .init(peer: PeerIdentity(replica: 5, name: "", address: ""), votes: false),
    ]
    let applied = Applied(
      index: 3, catalogVersion: 3, placementEpoch: 1, outcomes: [.done, .opened(1)],
      hasChanges: true)
    return [
      .applied(applied), .refused(.outcomeUnknown), .refused(.unreachable(reason: "gone")),
      .read(ReadAnswer(index: 0, catalogVersion: 0, placementEpoch: 0)), .read(read),
      .snapshot(SnapshotEnd(index: 5, digest: StateDigest(rawValue: 1 << 127 | 3))),
      .status(status),
      .status(ServiceStatus(cluster: 1, replica: peer, role: .learner)),
    ]
      + [
        .live(for: .milliseconds(1_500)), .live(for: .zero), .departed, .heldDown,
        .superseded(rpcEndpoint: "h:2"), .superseded(rpcEndpoint: ""), .removed,
      ].map { .heartbeat(HeartbeatAnswer($0, catalogVersion: 0, placementEpoch: 0)) }
      + [
        .heartbeat(
          HeartbeatAnswer(
            .heldDown, registration: 0, isDraining: true, catalogVersion: 3, placementEpoch: 4))
      ]
  }()

  @Test("Every operation comes back as it was", arguments: everyOperation)
  func operations(operation: Operation) throws {
    #expect(try Operation(decoding: operation.encoded()) == operation)
  }

  @Test("Every answer comes back as it was", arguments: everyAnswer)
  func answers(answer: OperationAnswer) throws {
    #expect(try OperationAnswer(decoding: answer.encoded()) == answer)
  }

  @Test("Pages of changes come back as they were")
  func pages() throws {
    let change = Change(
      at: 5, batch: CommandBatch(.openSession), outcome: .failure(.sessionExpired(2)))
    for page in [ChangePage(changes: [], through: 3), ChangePage(changes: [change], through: 9)] {
      #expect(try ChangePage(decoding: page.encoded()) == page)
    }
  }

  @Test("What a client must be depends on what it asks")
  func roles() {
    for operation in Self.everyOperation {
      let needed: ClientRole =
        switch operation {
        case .manage: .admin
        case .propose, .heartbeat: .writer
        default: .reader
        }
      #expect(operation.neededRole == needed)
    }
  }

  @Test("An operation of a later release, or of the server's own, is not one of these")
  func unknown() {
    for number in [8, 101] as [UInt32] {
      var writer = WireWriter()
      writer.alwaysVarint(number, 1)
      #expect(throws: WireError(.missingField(1), at: writer.count)) {
        try Operation(decoding: writer.bytes)
      }
    }
  }

  @Test("Bytes cut or changed are an error or another message, never a trap")
  func damage() throws {
    var generator = SplitMix64(seed: 5)
    let messages = Self.everyOperation.map { $0.encoded() } + Self.everyAnswer.map { $0.encoded() }
    for bytes in messages {
      for count in 0..<bytes.count {
        _ = try? Operation(decoding: Array(bytes[..<count]))
        _ = try? OperationAnswer(decoding: Array(bytes[..<count]))
      }
      for _ in 0..<100 where !bytes.isEmpty {
        var changed = bytes
        changed[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
          in: 0...255, using: &generator)
        if let operation = try? Operation(decoding: changed) {
          #expect(try Operation(decoding: operation.encoded()) == operation)
        }
        _ = try? OperationAnswer(decoding: changed)
      }
    }
  }

  @Test("Protocol Buffers' own compiler knows every field, and encodes them to the same bytes")
  func protoc() throws {
    let read = Self.everyAnswer.map { ($0.encoded(), "OperationAnswer") }
    let asked = [23, 24, 26, 28, 30, 31, 34].map {
      (Self.everyOperation[$0].encoded(), "Operation")
    }
    let queries = [3, 5, 12, 13, 14, 16].map { (Self.everyOperation[$0].encoded(), "Operation") }
    let beats = Self.heartbeats.map { ($0.encoded(), "Operation") }
    for (bytes, message) in read + asked + queries + beats {
      let text = try Protoc.decode(bytes, as: message, in: "operation")
      #expect(!text.contains(#/^ *[0-9]+[:{ ]/#.anchorsMatchLineEndings()), "\(text)")
      #expect(try Protoc.encode(text, as: message, in: "operation") == bytes, "\(text)")
    }
  }
}
