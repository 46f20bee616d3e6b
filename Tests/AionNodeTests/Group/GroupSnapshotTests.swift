import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft
import Testing

@Suite("Snapshots that a leader sends")
struct GroupSnapshotTests {
  /// So small that a snapshot takes many pieces.
  private static var options: NodeOptions {
    var options = NodeOptions.grouped
    options.snapshotPiece = 48
    options.snapshotWindow = 144
    options.snapshotPatience = 1_000
    return options
  }

  /// A group in which replica 3 lags so far that only a snapshot helps.
  private static func lagging(
    seed: UInt64 = 42, options: NodeOptions = options
  ) throws -> Group {
    let group = try Group.founded(3, seed: seed, options: options)
    if group.leader?.node.identity.replica == 3 {
      group.with(3) { try? $0.node.transferLeadership(to: 1, effects: &$0.effects) }
      group.run(ticks: 2)
    }
    group.crash(3)
    for number in 1...60 { #expect((try? group.propose(write(number))?.get()) != nil) }
    let leader = try #require(group.leader?.node.identity.replica)
    group.with(leader) { _ = $0.node.requestSnapshot(effects: &$0.effects) }
    group.with(leader) { _ in }
    #expect(group[leader].status.snapshot > .zero)
    return group
  }

  private static func isPiece(_ envelope: Envelope) -> Bool {
    if case .snapshotChunk = envelope.body { return true }
    return false
  }

  @Test("A replica that lags too far gets a snapshot, and then the log")
  func catchesUp() throws {
    let group = try Self.lagging()
    try group.open(3, .bootstrap([1, 2, 3]))
    group.settle()
    #expect(group[3].installed.count == 1)
    #expect(group.digests.count == 1)
    #expect((try? group.propose(write(61))?.get()) != nil)
    group.run(ticks: 3)
    #expect(group.digests.count == 1)
    group.crash(3)
    try group.open(3, .bootstrap([1, 2, 3]))
    group.settle()
    #expect(group[3].installed.isEmpty, "it has it")
    #expect(group.digests.count == 1)
  }

  @Test("A transfer that is interrupted after any piece goes on where it was, after a crash too")
  func interrupted() throws {
    let whole = try Self.pieces(losing: nil)
    #expect(whole > 10)
    for piece in 0..<whole {
      // What is here of the record in the middle of which it ended comes once more.
      #expect(try Self.pieces(losing: piece) < 2 * whole, "interrupted after piece \(piece)")
    }
  }

  /// How many pieces reach the follower, which crashes after one of them.
  private static func pieces(losing crashAt: Int?) throws -> Int {
    let group = try lagging()
    try group.open(3, .bootstrap([1, 2, 3]))
    var count = 0
    var steps = 0
    while group[3].status.applied < 60, steps < 4_000 {
      steps += 1
      if let next = group.network.first, isPiece(next) {
        if count == crashAt {
          count += 1
          group.crash(3)
          try group.open(3, .bootstrap([1, 2, 3]))
          continue
        }
        count += 1
      }
      if !group.deliverOne() { group.tick() }
    }
    group.settle()
    #expect(group.digests.count == 1, "crash after piece \(String(describing: crashAt))")
    return count
  }

  @Test(
    "Every piece may be lost, changed or doubled: the transfer ends all the same", arguments: 1...8)
  func badNetwork(seed: UInt64) throws {
    let group = try Self.lagging(seed: seed)
    try group.open(3, .bootstrap([1, 2, 3]))
    var chance = SplitMix64(seed: seed)
    for _ in 0..<400 {
      group.tick()
      while !group.network.isEmpty {
        if Self.isPiece(group.network[0]) || chance.next() % 8 == 0 {
          switch chance.next() % 8 {
          case 0:
            group.network.removeFirst()
            continue
          case 1: group.network.append(group.network[0])
          case 2:
            if case .snapshotChunk(var piece) = group.network[0].body {
              piece.bytes[0] ^= 1
              group.network[0].body = .snapshotChunk(piece)
            }
          default: break
          }
        }
        _ = group.deliverOne()
      }
    }
    group.settle()
    #expect(group.digests.count == 1, "seed \(seed)")
    #expect(group[3].status.applied == group[1].status.applied, "seed \(seed)")
  }

  @Test("A follower without room refuses, and takes it once there is room")
  func fullDisk() throws {
    let group = try Self.lagging()
    try group.open(3, .bootstrap([1, 2, 3]))
    group.disks[3]?.faults.capacity = .zero
    group.settle()
    #expect(group[3].installed.isEmpty)
    #expect(group[3].status.fault == nil)
    group.disks[3]?.faults.capacity = nil
    group.settle()
    #expect(group[3].installed.count == 1)
    #expect(group.digests.count == 1)
  }

  @Test("A follower that runs out of room just as it installs a snapshot stays as it was")
  func fullDiskAtTheEnd() throws {
    var options = Self.options
    options.log.preallocation = .zero
    let group = try Self.lagging(options: options)
    try group.open(3, .bootstrap([1, 2, 3]))
    let disk = try #require(group.disks[3])
    var steps = 0
    while !group[3].status.isDiskFull, steps < 4_000 {
      steps += 1
      if let next = group.network.first, case .snapshotChunk(let piece) = next.body {
        // Room for the pieces, and for nothing after them.
        let used = disk.paths.reduce(0) { $0 + (disk.contents(of: $1)?.count ?? 0) }
        disk.faults.capacity = ByteCount(used + piece.bytes.count)
      }
      if !group.deliverOne() { group.tick() }
    }
    #expect(group[3].status.isDiskFull)
    #expect(group[3].status.fault == nil)
    #expect(group[3].status.applied < 60)
    disk.faults.capacity = nil
    group.settle()
    #expect(group[3].installed.count == 1)
    #expect(group.digests.count == 1)
  }

  @Test("A leader that changes in the middle does no harm: the next one sends its own")
  func leaderChanges() throws {
    let group = try Self.lagging()
    let old = try #require(group.leader?.node.identity.replica)
    let next: ReplicaID = old == 1 ? 2 : 1
    group.with(next) { _ = $0.node.requestSnapshot(effects: &$0.effects) }
    group.with(next) { _ in }
    try group.open(3, .bootstrap([1, 2, 3]))
    var count = 0
    while count < 3 {
      if let envelope = group.network.first, Self.isPiece(envelope) { count += 1 }
      if !group.deliverOne() { group.tick() }
    }
    group.with(old) { try? $0.node.transferLeadership(to: next, effects: &$0.effects) }
    group.settle()
    #expect(group.leader?.node.identity.replica == next)
    #expect(group[3].installed.count == 1)
    #expect(group.digests.count == 1)
  }

  @Test("While a snapshot is read its follower votes; it comes to nothing when its leader is gone")
  func readingAside() throws {
    let group = try Self.lagging()
    let old = try #require(group.leader?.node.identity.replica)
    let next: ReplicaID = old == 1 ? 2 : 1
    try group.open(3, .bootstrap([1, 2, 3]))
    group[3].readsSnapshots = false
    group.run(ticks: 30)
    #expect(group[3].reading != nil)
    #expect(group[old].node.progress.contains { $0.replica == 3 && $0.isActive }, "it answers")
    group.crash(old)
    group.settle()
    #expect(group.leader?.node.identity.replica == next, "it voted")
    group.with(3) { $0.read() }
    #expect(group[3].installed.isEmpty, "nobody leads any more who has sent it")
    try group.open(old, .bootstrap([1, 2, 3]))
    group[3].readsSnapshots = true
    group.settle()
    #expect((try? group.propose(write(61))?.get()) != nil)
    group.settle()
    #expect(group.digests.count == 1)
  }

  @Test("A reading whose snapshot was replaced meanwhile means nothing")
  func staleReading() throws {
    let group = try Self.lagging()
    let leader = try #require(group.leader?.node.identity.replica)
    try group.open(3, .bootstrap([1, 2, 3]))
    group[3].readsSnapshots = false
    group.run(ticks: 30)
    let stale = try #require(group[3].reading).run()
    for number in 61...120 { _ = group.propose(write(number)) }
    group.with(leader) { _ = $0.node.requestSnapshot(effects: &$0.effects) }
    // Given up, so that the newer one is offered.
    group.with(leader) { $0.node.peerUnreachable(3, effects: &$0.effects) }
    group.run(ticks: 30)
    group.with(3) { $0.node.snapshotRead(stale, effects: &$0.effects) }
    #expect(group[3].reading?.run().file != stale.file, "it reads another one")
    #expect(group[3].installed.isEmpty)
    group[3].readsSnapshots = true
    group.with(3) { $0.read() }
    group.settle()
    #expect(group.digests.count == 1)
  }

  @Test("What was read under one offer is not taken under another one of the same file")
  func otherOffer() throws {
    let group = try Self.lagging()
    try group.open(3, .bootstrap([1, 2, 3]))
    group[3].readsSnapshots = false
    var offered: Envelope?
    for _ in 0..<30 {
      group.tick()
      while let next = group.network.first {
        if case .snapshotOffer = next.body { offered = next }
        _ = group.deliverOne()
      }
    }
    let read = try #require(group[3].reading).run()
    var other = try #require(offered)
    guard case .snapshotOffer(var offer) = other.body else { return }
    offer.metadata.membership = Membership(voters: [1, 2, 3], learners: [9])
    other.body = .snapshotOffer(offer)
    group.network.append(other)
    group.deliverAll()
    group.with(3) { $0.node.snapshotRead(read, effects: &$0.effects) }
    #expect(group[3].installed.isEmpty)
    // Nor is it what the file says.
    group.with(3) { $0.read() }
    #expect(group[3].installed.isEmpty)
    group[3].readsSnapshots = true
    group.settle()
    #expect(group[3].node.membership == Membership(voters: [1, 2, 3]))
    #expect(group.digests.count == 1)
  }

  @Test("A snapshot that is being sent keeps its file, and the log after it stays in memory")
  func pins() throws {
    let group = try Self.lagging()
    let leader = try #require(group.leader?.node.identity.replica)
    let first = group[leader].status.snapshot
    try group.open(3, .bootstrap([1, 2, 3]))
    group.loses = Self.isPiece
    group.run(ticks: 4)
    for number in 61...160 {
      _ = group.propose(write(number))
      if number.isMultiple(of: 30) {
        group.with(leader) { _ = $0.node.requestSnapshot(effects: &$0.effects) }
        group.with(leader) { _ in }
      }
      if number == 100 { group.heal() }
    }
    group.settle()
    #expect(group.digests.count == 1)
    #expect(group[3].installed == [first], "one was enough")
  }
}
