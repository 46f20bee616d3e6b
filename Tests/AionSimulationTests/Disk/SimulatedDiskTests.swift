import AionLog
import AionModel
import AionSimulation
import Testing

@Suite("The simulated disk")
struct SimulatedDiskTests {
  private let disk = SimulatedDisk(seed: 1)

  private func write(_ text: String, to file: SimulatedFile, at offset: Int = 0) throws {
    _ = try Array(text.utf8).withUnsafeBytes { try file.write($0, at: ByteCount(offset)) }
  }

  private func text(of name: String, on other: SimulatedDisk? = nil) throws -> String {
    let file = try (other ?? disk).root.open(name, for: .reading)
    var bytes = [UInt8](repeating: 0, count: try file.size().bytes)
    _ = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: .zero) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A file that is there and synced, with some text.
  private func file(
    _ text: String, on other: SimulatedDisk? = nil
  ) throws -> SimulatedFile {
    let root = (other ?? disk).root
    let file = try root.create("a")
    try write(text, to: file)
    try file.sync()
    try root.sync()
    return file
  }

  @Test("What was synced survives a crash, and what was not is gone")
  func crash() throws {
    let file = try file("one")
    try write("two", to: file, at: 3)
    #expect(try text(of: "a") == "onetwo")
    disk.crash(at: disk.time, .synced)
    #expect(try text(of: "a") == "one")
  }

  @Test("A crash in the middle of a sync finds the sync not done")
  func crashInSync() throws {
    let file = try disk.root.create("a")
    try disk.root.sync()
    try write("one", to: file)
    let before = disk.time
    try file.sync()
    #expect(disk.time > before)
    disk.crash(at: before + .microseconds(1), .synced)
    #expect(try text(of: "a") == "")
  }

  @Test("What a call did after the moment of the crash was never done, whatever is kept")
  func crashBefore() throws {
    let file = try file("one")
    let moment = disk.time
    try write("two", to: file, at: 3)
    try file.sync()
    disk.crash(at: moment, .everything)
    #expect(try text(of: "a") == "one")
  }

  @Test("A name that was not synced is gone with its file, and a synced one stays")
  func names() throws {
    let file = try file("one")
    _ = file
    _ = try disk.root.create("b")
    try disk.root.rename("a", to: "c")
    disk.crash(at: disk.time, .synced)
    #expect(try disk.root.names() == ["a"])
  }

  @Test(
    "A failed sync loses some of what it should have kept, and a later one does not bring it back")
  func failedSync() throws {
    var lost = 0
    for seed in 1...40 {
      let disk = SimulatedDisk(seed: UInt64(seed))
      let file = try disk.root.create("a")
      try disk.root.sync()
      for place in 0..<4 { try write("x", to: file, at: place * 600) }
      disk.faults.sync = .always
      #expect(throws: FileError.self) { try file.sync() }
      disk.faults.sync = .never
      try file.sync()
      disk.crash(at: disk.time, .synced)
      let size = try disk.root.open("a", for: .reading).size()
      if size < ByteCount(1_801) { lost += 1 }
    }
    #expect((5...35).contains(lost))
  }

  @Test("A rename whose sync failed leaves the old file under the name, or the new one")
  func failedSyncOfRename() throws {
    for seed in 1...40 {
      let disk = SimulatedDisk(seed: UInt64(seed))
      _ = try file("old", on: disk)
      let next = try disk.root.create("b")
      try write("new", to: next)
      try next.sync()
      try disk.root.rename("b", to: "a")
      disk.faults.sync = .always
      #expect(throws: FileError.self) { try disk.root.sync() }
      disk.faults.sync = .never
      disk.crash(at: disk.time, .everything)
      #expect(["old", "new"].contains(try text(of: "a", on: disk)), "seed \(seed)")
    }
  }

  @Test("A torn write keeps whole sectors of what was there before")
  func torn() throws {
    var kinds: Set<String> = []
    for seed in 1...60 {
      let disk = SimulatedDisk(seed: UInt64(seed))
      let file = try disk.root.create("a")
      try write(String(repeating: "a", count: 1_536), to: file)
      try file.sync()
      try disk.root.sync()
      try write(String(repeating: "b", count: 1_536), to: file)
      disk.crash(at: disk.time, .sectors)
      var bytes = [UInt8](repeating: 0, count: 1_536)
      let reopened = try disk.root.open("a", for: .reading)
      _ = try bytes.withUnsafeMutableBytes { try reopened.read(into: $0, at: .zero) }
      for sector in 0..<3 {
        #expect(Set(bytes[sector * 512..<(sector + 1) * 512]).count == 1)
      }
      kinds.insert(String(decoding: [bytes[0], bytes[512], bytes[1_024]], as: UTF8.self))
    }
    #expect(kinds.count == 8)
  }

  @Test("A full disk takes what there is room for, and then nothing")
  func full() throws {
    let file = try file("one")
    disk.fill(leaving: 2)
    let written = try [UInt8]("four".utf8).withUnsafeBytes { try file.write($0, at: 3) }
    #expect(written == 2)
    #expect(throws: FileError(.noSpace, .write, path: "/a")) { try write("x", to: file, at: 5) }
    try write("ONE", to: file)
    #expect(try text(of: "a") == "ONEfo")
  }

  @Test("Operations take their time, and a slow disk takes more of it")
  func time() throws {
    let start = disk.time
    let file = try file("one")
    let quick = disk.time - start
    disk.speed.slowness = 100
    let middle = disk.time
    try write("two", to: file)
    try file.sync()
    #expect(quick > .zero)
    #expect(disk.time - middle > quick)
  }

  @Test("Rot flips one bit of what was synced")
  func rot() throws {
    _ = try file("one")
    var chance = SplitMix64(seed: 3)
    let place = try #require(disk.rot(&chance, at: disk.time))
    #expect(place.path == "/a")
    let differing = zip(try text(of: "a").utf8, "one".utf8).map { ($0 ^ $1).nonzeroBitCount }
    #expect(differing.reduce(0, +) == 1)
  }

  @Test("A lock is taken once, and a crash drops it")
  func locks() throws {
    let lock = try disk.root.lock("LOCK")
    #expect(throws: FileError.self) { try disk.root.lock("LOCK") }
    disk.crash(at: disk.time, .synced)
    let second = try disk.root.lock("LOCK")
    withExtendedLifetime((lock, second)) {}
  }
}
