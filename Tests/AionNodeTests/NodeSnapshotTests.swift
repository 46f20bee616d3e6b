import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft
import Testing

@Suite("Snapshots of a node")
struct NodeSnapshotTests {
  @Test("A snapshot is asked for when enough was logged, once, and begins counting anew")
  func automatic() throws {
    var options = NodeOptions.small
    options.snapshotAfter = .kibibytes(2)
    let world = try NodeWorld(options: options)
    for number in 1...200 { _ = try world.propose(write(number)).get() }
    #expect(world.status.snapshot > .zero)
    #expect(!world.status.isWritingSnapshot)
    #expect(world.status.sizeSinceSnapshot < .kibibytes(2))
    let digest = world.snapshot.digest
    world.disk.crash(.synced)
    #expect(try NodeWorld(on: world.disk, options: options).snapshot.digest == digest)
  }

  @Test("Checklist 9: the log is deleted only up to the snapshot before the newest")
  func retention() throws {
    let world = try NodeWorld()
    let log = try world.disk.root.directory("log", creating: false)
    for number in 1...100 { _ = try world.propose(write(number)).get() }
    let all = try log.names().count
    world.node.requestSnapshot(effects: &world.effects)
    world.runBackgroundWork()
    #expect(try log.names().count == all, "no snapshot stands before this one")
    for number in 101...200 { _ = try world.propose(write(number)).get() }
    world.node.requestSnapshot(effects: &world.effects)
    world.runBackgroundWork()
    let newest = world.status.snapshot
    #expect(newest > .zero)
    let names = try log.names()
    #expect(!names.contains("00000000000000000001.log"))
    #expect(world.effects.warnings.isEmpty)
    world.disk.crash(.synced)
    #expect(try NodeWorld(on: world.disk).snapshot.roles().count == 200)
  }

  @Test("Checklist 50: a damaged newest snapshot falls back to the one before, and loses nothing")
  func fallsBack() throws {
    let world = try NodeWorld()
    for number in 1...150 {
      _ = try world.propose(write(number)).get()
      if number.isMultiple(of: 50) {
        world.node.requestSnapshot(effects: &world.effects)
        world.runBackgroundWork()
      }
    }
    let digest = world.snapshot.digest
    let snapshots = try world.disk.root.directory("snapshots", creating: false)
    let newest = try #require(try snapshots.names().last)
    let file = try snapshots.open(newest, for: .updating)
    let broken: [UInt8] = [0xFF]
    _ = try broken.withUnsafeBytes { (bytes) throws(FileError) in
      try file.write(bytes, at: ByteCount(120))
    }
    try file.sync()
    world.disk.crash(.everything)
    let reopened = try NodeWorld(on: world.disk)
    #expect(reopened.report.damagedSnapshots.count == 1)
    #expect(reopened.snapshot.digest == digest)
  }

  @Test("A snapshot that cannot be written leaves log and state as they were")
  func failedSnapshot() throws {
    let world = try NodeWorld()
    for number in 1...20 { _ = try world.propose(write(number)).get() }
    world.node.requestSnapshot(effects: &world.effects)
    world.disk.faults.capacity = .zero
    world.runBackgroundWork()
    #expect(world.status.snapshot == .zero)
    #expect(!world.status.isWritingSnapshot)
    world.disk.faults.capacity = nil
    #expect((try? world.propose(write(21)).get()) != nil)
  }

  @Test("Writes go on while a snapshot is being written, and only one is written at a time")
  func writesGoOn() throws {
    let world = try NodeWorld()
    _ = try world.propose(write(1)).get()
    let isAsked = world.node.requestSnapshot(effects: &world.effects)
    #expect(isAsked)
    let work = world.effects.work
    world.effects.removeAll()
    let isAskedAgain = world.node.requestSnapshot(effects: &world.effects)
    #expect(!isAskedAgain)
    _ = try world.propose(write(2)).get()
    world.effects.work = work
    world.runBackgroundWork()
    #expect(world.status.snapshot < world.status.applied)
    world.disk.crash(.synced)
    #expect(try NodeWorld(on: world.disk).snapshot.roles().count == 2)
  }
}
