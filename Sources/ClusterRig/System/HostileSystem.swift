import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How a node's disk fares.
public enum DiskCondition: Hashable, Sendable {
  case sound
  /// So many bytes more, then there is no room; not for overwriting either, as on a file system
  /// that copies on write.
  case full(after: Int)
  /// Writes and syncs do not return.
  case stalled
  /// Syncs fail, as a disk's do that is about to die.
  case failingSyncs
}

/// How often a process has met with what it was to suffer.
package struct HostileEncounters: Equatable, Sendable {
  package var refusedWrites: Int64
  package var failedSyncs: Int64
  package var stalledCalls: Int64
  package var shiftedReadings: Int64
}

/// Has one process's disk and wall clock fail: by a library that is loaded before the C library
/// (`Sources/CHostileSystem/hostile_system.c`), and a control file that both sides see.
struct HostileSystem: Sendable {
  /// The words of the control file; their places are the table in `hostile_system.c`.
  private enum Word: Int {
    case magic, stalled, failingSyncs, room, ahead
    case refusedWrites, failedSyncs, stalledCalls, shiftedReadings

    static let count = 9
  }

  private static let library = "libHostileSystem.so"
  private let path: String
  private let program: String
  private let directory: String

  /// - Parameters:
  ///   - folder: Where the control file goes; there already.
  ///   - directory: The name of the folder in it whose files the process is to have trouble with.
  init(in folder: String, for directory: String) throws(RigFailure) {
    guard let found = ProgramPath.find(Self.library) else {
      throw .system(
        "\(Self.library) is not built beside this program; it is a product of this package, "
          + "and for Linux only")
    }
    program = found
    // The system tells paths of open files without symbolic links.
    let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    self.directory = "\(real)/\(directory)"
    path = "\(folder)/hostility"
    var words = [Int64](repeating: 0, count: Word.count)
    words[Word.magic.rawValue] = Array("AIONHST1".utf8).withUnsafeBytes { bytes in
      bytes.loadUnaligned(as: Int64.self)
    }
    words[Word.room.rawValue] = -1
    let bytes = words.withUnsafeBytes { Data($0) }
    guard FileManager.default.createFile(atPath: path, contents: bytes) else {
      throw .system("cannot write \(path)")
    }
  }

  /// What the process is given beside its own environment.
  var environment: [String: String] {
    [
      "LD_PRELOAD": program, "AION_HOSTILE_CONTROL": path, "AION_HOSTILE_DIRECTORY": directory,
    ]
  }

  func set(_ condition: DiskCondition) {
    let room: Int64 = if case .full(let room) = condition { Int64(room) } else { -1 }
    write(room, to: .room)
    write(condition == .failingSyncs ? 1 : 0, to: .failingSyncs)
    write(condition == .stalled ? 1 : 0, to: .stalled)
  }

  /// - Parameter nanoseconds: By how much the wall clock is ahead; negative: behind.
  func setClock(ahead nanoseconds: Int64) { write(nanoseconds, to: .ahead) }

  var encounters: HostileEncounters {
    HostileEncounters(
      refusedWrites: read(.refusedWrites), failedSyncs: read(.failedSyncs),
      stalledCalls: read(.stalledCalls), shiftedReadings: read(.shiftedReadings))
  }

  // The mapping on the other side is the page that the system keeps of this file: what is written
  // here is there at once.

  private func write(_ value: Int64, to word: Word) {
    let file = open(path, O_WRONLY | O_CLOEXEC)
    precondition(file >= 0, "\(path) is gone while its node is there")
    defer { close(file) }
    var value = value
    let count = pwrite(file, &value, 8, off_t(8 * word.rawValue))
    precondition(count == 8, "wrote \(count) of 8 bytes of \(path)")
  }

  private func read(_ word: Word) -> Int64 {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    var value: Int64 = 0
    return pread(file, &value, 8, off_t(8 * word.rawValue)) == 8 ? value : 0
  }
}
