import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft
import Testing

@Suite("A node on a disk that forgets what was not synced")
struct NodeDurabilityTests {
  @Test("Checklist 5: what was acknowledged is there after a loss of power")
  func acknowledgedSurvives() throws {
    let disk = InMemoryDisk()
    let world = try NodeWorld(on: disk)
    for number in 1...50 { #expect((try? world.propose(write(number)).get()) != nil) }
    let before = world.snapshot
    disk.crash(.synced)
    let after = try NodeWorld(on: disk).snapshot
    #expect(after.digest == before.digest)
    #expect(after.catalogVersion == before.catalogVersion)
    #expect(after.roles().count == 50)
  }

  @Test(
    "Power lost after any operation: nothing acknowledged is missing, versions do not go back",
    arguments: [InMemoryDisk.Survival.synced, .everything, .prefix(seed: 3), .sectors(seed: 9)])
  func powerLostAfterAnyOperation(survival: InMemoryDisk.Survival) throws {
    let operations = try Self.run(on: InMemoryDisk()).operations
    #expect(operations > 100)
    for crashAt in 0..<operations {
      let disk = InMemoryDisk()
      disk.faults.operationsBeforeCrash = crashAt
      let (acknowledged, version, _) = (try? Self.run(on: disk)) ?? (0, .zero, 0)
      disk.crash(survival)
      let reopened = try NodeWorld(on: disk)
      let found = reopened.snapshot
      for number in stride(from: 1, through: acknowledged, by: 1) {
        #expect(
          found.role(named: "role-\(number)") != nil,
          "write \(number) is lost, power lost after operation \(crashAt), \(survival)")
      }
      #expect(found.catalogVersion >= version, "power lost after operation \(crashAt)")
    }
  }

  /// Writes sixty times, with rotations and two snapshots between.
  private static func run(
    on disk: InMemoryDisk
  ) throws -> (acknowledged: Int, version: CatalogVersion, operations: Int) {
    let world = try NodeWorld(on: disk)
    var acknowledged = 0
    var version = CatalogVersion.zero
    for number in 1...60 {
      guard case .success(let applied) = world.propose(write(number)) else { break }
      acknowledged = number
      version = applied.catalogVersion
      if number.isMultiple(of: 25) {
        world.node.requestSnapshot(effects: &world.effects)
        world.runBackgroundWork()
      }
    }
    return (acknowledged, version, disk.operationCount)
  }

  @Test("Checklist 10: opening again and again applies nothing twice")
  func reopens() throws {
    let disk = InMemoryDisk()
    let world = try NodeWorld(on: disk)
    let created = world.propose(
      .createDatabase(CreateDatabaseRequest(name: "shop", owner: "ada"), createdAt: .epoch))
    let digest = world.snapshot.digest
    #expect(try created.get().catalogVersion == world.snapshot.catalogVersion)
    for _ in 0..<3 {
      disk.crash(.everything)
      #expect(try NodeWorld(on: disk).snapshot.digest == digest)
    }
  }

  @Test("Checklist 7: after a failed sync nothing is acknowledged any more, and reads go on")
  func failedSyncEndsWriting() throws {
    let disk = InMemoryDisk()
    let world = try NodeWorld(on: disk)
    _ = try world.propose(write(1)).get()
    disk.faults.failsSync = true
    guard case .failure(.storageFailed) = world.propose(write(2)) else {
      Issue.record("a write was acknowledged though its sync failed")
      return
    }
    disk.faults.failsSync = false
    guard case .failure(.storageFailed(_, let reason)) = world.propose(write(3)) else {
      Issue.record("a write was acknowledged after a failed sync")
      return
    }
    #expect(reason.contains("reopen"))
    #expect(world.snapshot.role(named: "role-1") != nil)
    #expect(world.snapshot.role(named: "role-2") == nil)
  }

  @Test("Checklist 67: a full disk refuses, loses nothing, and writes work again with room")
  func fullDiskPasses() throws {
    let disk = InMemoryDisk()
    let world = try NodeWorld(on: disk)
    disk.faults.capacity = .kibibytes(24)
    var number = 0
    var refusal: ClusterError?
    while refusal == nil, number < 10_000 {
      number += 1
      if case .failure(let error) = world.propose(write(number)) { refusal = error }
    }
    guard case .diskFull = refusal else {
      Issue.record("expected diskFull, got \(String(describing: refusal))")
      return
    }
    #expect(world.snapshot.roles().count == number - 1)
    guard case .failure(.diskFull) = world.propose(write(number)) else {
      Issue.record("the disk is still full")
      return
    }
    disk.faults.capacity = nil
    #expect((try? world.propose(write(number)).get()) != nil)
    let digest = world.snapshot.digest
    disk.crash(.synced)
    let reopened = try NodeWorld(on: disk)
    #expect(reopened.snapshot.digest == digest)
    #expect(reopened.snapshot.roles().count == number)
  }

  @Test("Checklist 67: a full disk takes back no change of members that was applied")
  func fullDiskKeepsMembers() throws {
    let disk = InMemoryDisk()
    let world = try NodeWorld(on: disk)
    let change = ConfigurationChange(steps: [.addLearner(2)])
    world.node.changeMembership(change, 1, at: .epoch, effects: &world.effects)
    #expect(world.node.membership.learners == [2])
    disk.faults.capacity = .kibibytes(24)
    var isFull = false
    for number in 1...10_000 where !isFull {
      if case .failure = world.propose(write(number)) { isFull = true }
    }
    #expect(isFull)
    #expect(world.node.membership.learners == [2])
  }

  @Test("Checklist 67: a full disk does not keep a node from starting")
  func fullDiskStarts() throws {
    let disk = InMemoryDisk()
    let world = try NodeWorld(on: disk)
    for number in 1...20 { _ = try world.propose(write(number)).get() }
    disk.crash(.synced)
    disk.faults.capacity = .zero
    let reopened = try NodeWorld(on: disk)
    #expect(reopened.snapshot.roles().count == 20)
    // What room was written ahead is used up first.
    var number = 20
    var outcome: Result<Applied, ClusterError>
    repeat {
      number += 1
      outcome = reopened.propose(write(number))
    } while number < 1_000 && (try? outcome.get()) != nil
    guard case .failure(.diskFull) = outcome else {
      Issue.record("expected diskFull, got \(outcome)")
      return
    }
    disk.faults.capacity = nil
    #expect((try? reopened.propose(write(number)).get()) != nil)
  }
}

@Suite("A node and a directory that cannot be written")
struct NodeReadOnlyTests {
  @Test("Checklist 77: a read-only directory is refused with its path, and nothing changes")
  func readOnly() throws {
    let disk = InMemoryDisk()
    let world = try NodeWorld(on: disk)
    _ = try world.propose(write(1)).get()
    disk.crash(.synced)
    disk.faults.isReadOnly = true
    do throws(NodeFault) {
      _ = try NodeWorld(on: disk)
      Issue.record("a read-only directory was opened for writing")
    } catch {
      guard case .log(.file(let refusal)) = error else {
        Issue.record("unexpected \(error)")
        return
      }
      #expect(refusal.kind == .readOnly)
      #expect("\(error)".contains(refusal.path))
    }
    disk.faults.isReadOnly = false
    #expect(try NodeWorld(on: disk).snapshot.role(named: "role-1") != nil)
  }
}
