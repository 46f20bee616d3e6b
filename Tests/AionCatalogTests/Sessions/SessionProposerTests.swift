import AionCatalog
import AionModel
import Synchronization
import Testing

@Suite("Writes exactly once, over a way that loses and repeats them")
struct SessionProposerTests {
  @Test(
    "Each of many writes takes effect once, whatever is lost or repeated",
    arguments: 0..<30 as Range<UInt64>)
  func exactlyOnce(seed: UInt64) async throws {
    let way = LossyWay(seed: seed)
    let plane = SessionProposer(way) { $0.number < 1_000 }
    for number in 0..<60 {
      let database = try await plane.createDatabase(
        CreateDatabaseRequest(name: "db\(number)", owner: "o"))
      #expect(database.id == DatabaseID(UInt32(number + 2)), "seed \(seed)")
      _ = try await plane.begin(.local)
      await #expect(throws: ClusterError.databaseExists(name: "db\(number)")) {
        try await plane.createDatabase(CreateDatabaseRequest(name: "db\(number)", owner: "o"))
      }
    }
    #expect(way.log.snapshot().databases().count == 60, "seed \(seed)")
    #expect(way.log.snapshot().transactions().count == 60, "seed \(seed)")
    #expect(way.repeated > 0 && way.lost > 0)
  }

  @Test("Many tasks at a time share a session")
  func concurrency() async throws {
    let way = LossyWay(seed: 1)
    let plane = SessionProposer(way) { $0.number < 1_000 }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { for _ in 0..<50 { _ = try await plane.begin(.local) } }
      }
      try await group.waitForAll()
    }
    #expect(way.log.snapshot().transactions().count == 400)
    let session = try #require(plane.session)
    #expect(way.log.snapshot().session(session) != nil)
  }

  @Test("Without a stamp the same way makes writes twice, or says that it does not know")
  func without() async throws {
    let way = LossyWay(seed: 3)
    var unknown = 0
    for _ in 0..<200 {
      do { _ = try await way.propose(.beginTxn(.local)) } catch {
        if error == .outcomeUnknown { unknown += 1 }
      }
    }
    #expect(unknown > 0)
    #expect(way.log.snapshot().transactions().count != 200 - unknown)
  }

  @Test("An expired session is replaced when no attempt was left open")
  func renewal() async throws {
    let log = InMemoryLog()
    let plane = SessionProposer(log) { $0.number < 5 }
    _ = try await plane.begin(.local)
    _ = try log.propose(CommandBatch(.closeSession(1)))
    #expect(try await plane.begin(.local) == 2)
    #expect(plane.session == 2)
    try await plane.closeSession()
    #expect(log.snapshot().sessions().isEmpty && plane.session == nil)
  }

  @Test("When an attempt was left open and the session is gone, nobody knows, and it says so")
  func unknowable() async throws {
    let way = LossyWay(seed: 0, script: [.take, .loseAnswer, .closeSessionFirst])
    let plane = SessionProposer(way) { $0.number < 5 }
    await #expect(throws: ClusterError.outcomeUnknown) { try await plane.begin(.local) }
    #expect(way.log.snapshot().transactions().count == 1)
    #expect(try await plane.begin(.local) == 2)
  }

  @Test("Giving up after an open attempt says that the outcome is not known")
  func givingUp() async throws {
    let way = LossyWay(seed: 0, script: [.take, .loseAnswer, .refuse, .refuse])
    let plane = SessionProposer(way) { $0.number < 2 }
    await #expect(throws: ClusterError.outcomeUnknown) { try await plane.begin(.local) }
    let refusing = LossyWay(seed: 0, script: [.take, .refuse, .refuse])
    let other = SessionProposer(refusing) { $0.number < 2 }
    await #expect(throws: ClusterError.notLeader(leader: nil, address: nil)) {
      try await other.begin(.local)
    }
    // What was given up holds nothing back.
    _ = try await other.begin(.local)
    #expect(refusing.log.snapshot().session(1)?.answeredBelow == 2)
  }
}

/// A log in memory at the end of a way on which writes and answers are lost, and writes repeated.
private final class LossyWay: CommandProposer {
  enum Fate { case take, loseWrite, loseAnswer, refuse, repeatLater, closeSessionFirst }

  let log = InMemoryLog()
  fileprivate struct State {
    var generator: SplitMix64
    var script: [Fate]?
    var late: [CommandBatch] = []
    var lost = 0
    var repeated = 0
  }
  private let state: Mutex<State>

  init(seed: UInt64, script: [Fate]? = nil) {
    state = Mutex(State(generator: SplitMix64(seed: seed), script: script))
  }

  var lost: Int { state.withLock { $0.lost } }
  var repeated: Int { state.withLock { $0.repeated } }
  var now: WallTime { .epoch }

  func read<Answer: Sendable>(
    _ body: (ClusterSnapshot) throws(ClusterError) -> Answer
  ) throws(ClusterError) -> Answer { try log.read(body) }

  func snapshot() -> ClusterSnapshot { log.snapshot() }

  func propose(_ batch: CommandBatch) async throws(ClusterError) -> Applied {
    let (fate, late) = state.withLock { $0.next(batch) }
    for batch in late { _ = try? log.propose(batch) }
    switch fate {
    case .take, .repeatLater: return try log.propose(batch)
    case .loseWrite: throw .outcomeUnknown
    case .loseAnswer:
      _ = try? log.propose(batch)
      throw .outcomeUnknown
    case .refuse: throw .notLeader(leader: nil, address: nil)
    case .closeSessionFirst:
      if let stamp = batch.stamp { _ = try log.propose(CommandBatch(.closeSession(stamp.session))) }
      return try log.propose(batch)
    }
  }
}

extension LossyWay.State {
  fileprivate mutating func next(_ batch: CommandBatch) -> (LossyWay.Fate, [CommandBatch]) {
    if let fate = script?.first {
      script?.removeFirst()
      return (fate, [])
    }
    if script != nil { return (.take, []) }
    let fates: [LossyWay.Fate] = [
      .take, .take, .loseWrite, .loseAnswer, .refuse, .repeatLater, .loseAnswer,
    ]
    let fate = fates[Int.random(in: 0..<fates.count, using: &generator)]
    if fate == .loseWrite || fate == .loseAnswer { lost += 1 }
    var arriving: [CommandBatch] = []
    if Bool.random(using: &generator) {
      arriving = late
      repeated += late.count
      late = []
    }
    if fate == .repeatLater || fate == .loseWrite { late.append(batch) }
    return (fate, arriving)
  }
}
