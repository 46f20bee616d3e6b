import AionCluster
import AionLog
import AionModel
import AionRaft
import Foundation
import Testing

@Suite("The log on files of the operating system")
struct PosixFileTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  @Test("What was synced is there when the directory is opened again")
  func reopens() throws {
    for round in UInt64(0)..<3 {
      let (log, recovered) = try folder.openLog()
      #expect(recovered.entries == (round == 0 ? [] : LogWorld.entries(1...(round * 60), size: 90)))
      for index in (round * 60 + 1)...(round * 60 + 60) {
        try log.write([LogWorld.entry(index, size: 90)])
      }
    }
    #expect(try folder.names(in: "log").count > 2)
  }

  @Test("Files are made 0600 and directories 0700")
  func modes() throws {
    let (log, _) = try folder.openLog()
    try log.write(LogWorld.entries(1...3))
    for name in ["", "log", "snapshots"] {
      #expect(try mode(of: folder.file(name).path) == 0o700, "\(name)")
    }
    for name in ["LOCK", "identity", "log/00000000000000000001.log"] {
      #expect(try mode(of: folder.file(name).path) == 0o600, "\(name)")
    }
  }

  private func mode(of path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test("Checklist 71: a second opener is refused and told the holder's process id")
  func lockedHere() throws {
    let (log, _) = try folder.openLog()
    let holder = "process \(ProcessInfo.processInfo.processIdentifier)"
    #expect {
      _ = try folder.openLog()
    } throws: { error in
      guard case .file(let cause) = error as? LogFault else { return false }
      return cause.kind == .locked(holder: holder) && cause.path.hasSuffix("/LOCK")
    }
    #expect(log.last == .zero)
  }

  #if os(Linux)
    @Test(
      "A lock is free once it is let go, though a fork that runs no program yet has a copy of it")
    func inheritedLock() throws {
      let directory = try folder.directory()
      var copies: [Int32] = []
      do {
        let lock = try directory.lock("LOCK")
        copies = try descriptors(of: folder.file("LOCK").path).map { dup($0) }
        withExtendedLifetime(lock) {}
      }
      defer { for copy in copies { close(copy) } }
      #expect(copies.count == 1)
      #expect(throws: Never.self) { _ = try directory.lock("LOCK") }
    }

    /// Of this process.
    private func descriptors(of path: String) throws -> [Int32] {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { name in
        let target = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/self/fd/" + name)
        return target == path ? Int32(name) : nil
      }
    }
  #endif

  @Test("Checklist 71: the lock of another process is respected, and dies with it")
  func lockedElsewhere() throws {
    _ = try folder.openLog()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "flock", "-x", folder.file("LOCK").path, "sh", "-c", "echo held; exec cat",
    ]
    let (output, input) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardInput = input
    try process.run()
    #expect(output.fileHandleForReading.availableData == Data("held\n".utf8))
    #expect(throws: LogFault.self) { _ = try folder.openLog() }
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    _ = try folder.openLog()
  }

  @Test("A data directory that is a file is refused as such, with its path")
  func notADirectory() throws {
    try Data("x".utf8).write(to: folder.file(""))
    #expect(throws: FileError(.notADirectory, .open, path: folder.path + "/data")) {
      _ = try folder.directory()
    }
  }

  @Test("A missing parent is refused as such, with the path")
  func noParent() throws {
    let path = folder.path + "/no/data"
    #expect(throws: FileError(.notFound, .create, path: path)) {
      _ = try PosixLogDirectory(path: path, creating: true)
    }
  }

  #if os(Linux)
    @Test("Checklist 11: syncing a file or a directory asks the operating system, and hears a no")
    func syncingSyncs() throws {
      let directory = try folder.directory()
      // A pipe can be written and not be synced; nor can a folder of /proc.
      #expect(mkfifo(folder.file("pipe").path, 0o600) == 0)
      let pipe = try directory.open("pipe", for: .updating)
      #expect(throws: FileError(.io(EINVAL), .sync, path: pipe.path)) { try pipe.sync() }
      let processes = try PosixLogDirectory(path: "/proc/self", creating: false)
      #expect(throws: FileError(.io(EINVAL), .sync, path: "/proc/self")) {
        try processes.sync()
      }
      try directory.sync()
    }
  #endif

  @Test("A symbolic link in the place of a log file is not followed")
  func symbolicLink() throws {
    _ = try folder.openLog()
    let path = folder.file("identity").path
    try FileManager.default.moveItem(atPath: path, toPath: path + "-elsewhere")
    try FileManager.default.createSymbolicLink(
      atPath: path, withDestinationPath: path + "-elsewhere")
    #expect(throws: LogFault.self) { _ = try folder.openLog() }
  }

  @Test(
    "Checklist 77: a directory of another user is refused, naming both",
    .enabled(if: getuid() == 0, "needs root, to give a directory away"))
  func foreignOwner() throws {
    _ = try folder.openLog()
    #expect(chown(folder.path + "/data", 1, 1) == 0)
    #expect {
      _ = try folder.openLog()
    } throws: { error in
      guard case .file(let cause) = error as? LogFault else { return false }
      return cause.kind == .foreignOwner(owner: 1, process: 0)
    }
  }

  @Test("Reading a directory for the inspector changes nothing and needs no lock")
  func readsBesideWriter() throws {
    let (log, _) = try folder.openLog()
    try log.write(LogWorld.entries(1...20))
    let directory = try PosixLogDirectory(path: folder.path + "/data", creating: false)
    let before = try folder.names(in: "log")
    var scanner = try LogScanner(directory, owner: LogWorld.identity.owner)
    var entries: [Entry] = []
    while let event = try scanner.next() {
      if case .batch(_, let batch) = event { entries += batch.entries }
    }
    #expect(entries == LogWorld.entries(1...20))
    #expect(try folder.names(in: "log") == before)
  }

  @Test("A folder of the log that is gone is refused, not made anew")
  func folderGone() throws {
    _ = try folder.openLog()
    try FileManager.default.removeItem(at: folder.file("log"))
    #expect(throws: LogFault.file(FileError(.notFound, .open, path: folder.path + "/data/log"))) {
      _ = try folder.openLog()
    }
  }

  @Test("A reader beside a busy writer sees a prefix, and never damage")
  func readsWhileWritten() async throws {
    let (log, _) = try folder.openLog()
    let path = folder.path + "/data"
    let reading = Task.detached {
      var seen: [Int] = []
      while (seen.last ?? 0) < 1_500 {
        let directory = try PosixLogDirectory(path: path, creating: false)
        var scanner = try LogScanner(directory, owner: LogWorld.identity.owner)
        var entries: [Entry] = []
        while let event = try scanner.next() {
          if case .batch(_, let batch) = event { entries += batch.entries }
        }
        #expect(entries.last?.index.rawValue ?? 0 == UInt64(entries.count))
        seen.append(entries.count)
      }
      return seen
    }
    for index in UInt64(1)...1_500 { try log.write([LogWorld.entry(index, size: 60)]) }
    let seen = try await reading.value
    #expect(seen == seen.sorted())
  }

  @Test("A segment prepared by another thread is used, and its temporary name is gone")
  func preparedElsewhere() async throws {
    let (log, _) = try folder.openLog()
    let preparation = try #require(log.nextPreparation())
    #expect(log.nextPreparation() == nil)
    let prepared = try await Task.detached { try preparation.run() }.value
    log.adopt(prepared)
    #expect(try folder.names(in: "log").contains("ahead.tmp"))
    for index in UInt64(1)...100 { try log.write([LogWorld.entry(index, size: 90)]) }
    #expect(try !folder.names(in: "log").contains("ahead.tmp"))
    #expect(log.nextPreparation() != nil)
  }

  @Test("A snapshot is written by another thread while the log goes on")
  func snapshotElsewhere() async throws {
    let (log, _) = try folder.openLog()
    try log.write(LogWorld.entries(1...10))
    let store = log.snapshots
    let writing = Task.detached {
      let writer = try store.write(
        SnapshotDescription(
          metadata: SnapshotMetadata(
            position: LogPosition(term: 1, index: 10), membership: Membership(voters: [1])),
          catalogVersion: 10))
      for seed in UInt64(1)...20 {
        try writer.append(records: LogWorld.payload(20_000, seed: seed), count: 1)
      }
      return try writer.finish(digest: SnapshotDigest(rawValue: 5))
    }
    for index in UInt64(11)...60 { try log.write([LogWorld.entry(index)]) }
    let footer = try await writing.value
    try log.noteSnapshot(at: 10)
    #expect(try log.snapshots.verify(at: 10).footer == footer)
  }
}
