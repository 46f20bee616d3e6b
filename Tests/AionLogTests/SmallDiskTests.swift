#if os(Linux)
  import AionCluster
  import AionLog
  import AionModel
  import AionRaft
  import Foundation
  import Testing

  /// A real file system of 256 KiB, where it can be mounted.
  @Suite("A real disk that is full", .enabled(if: SmallDisk.canMount, "needs to mount a tmpfs"))
  struct SmallDiskTests {
    @Test("Checklist 67: a full disk refuses, still starts, and takes writes once there is room")
    func fills() throws {
      let disk = try SmallDisk()
      let limits = LogLimits(
        segmentSize: .kibibytes(48), preallocation: .kibibytes(16), growth: .kibibytes(4))
      func open() throws -> (log: Log<PosixLogDirectory>, recovered: Recovered) {
        try Log.open(
          try PosixLogDirectory(path: disk.path + "/data", creating: true), as: LogWorld.identity,
          limits: limits)
      }
      var accepted: [Entry] = []
      do {
        let (log, _) = try open()
        var refusals = 0
        while refusals < 3 {
          let next = LogWorld.entry(UInt64(accepted.count) + 1, size: 900)
          do throws(LogFault) {
            try log.write([next])
            accepted.append(next)
          } catch {
            guard case .diskFull = error else { throw error }
            refusals += 1
          }
        }
      }
      #expect(accepted.count > 150)
      let (log, recovered) = try open()
      #expect(recovered.entries == accepted)
      let next = LogWorld.entry(UInt64(accepted.count) + 1, size: 9_000)
      #expect(throws: LogFault.self) { try log.write([next]) }
      try disk.grow()
      try log.write([next])
      #expect(log.last.index == next.index)
    }
  }

  final class SmallDisk {
    let path: String
    private let folder: TemporaryDirectory

    static let canMount: Bool = {
      guard getuid() == 0 else { return false }
      return (try? SmallDisk()) != nil
    }()

    init() throws {
      folder = try TemporaryDirectory()
      path = folder.path + "/disk"
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: false)
      let mounted = try Subprocess(
        "mount", ["-t", "tmpfs", "-o", "size=256k,mode=0700", "tmpfs", path])
      guard mounted.exitCode == 0 else { throw CannotMount(reason: mounted.errors) }
    }

    func grow() throws {
      _ = try Subprocess("mount", ["-o", "remount,size=1m", path])
    }

    // Lazily: the log may outlive its folder by a moment.
    deinit { _ = try? Subprocess("umount", ["-l", path]) }

    struct CannotMount: Error { var reason: String }
  }
#endif
