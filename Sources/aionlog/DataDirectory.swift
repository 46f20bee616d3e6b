import AionCluster
import AionLog
import AionModel
import ArgumentParser

/// A data directory, opened for reading.
struct DataDirectory {
  let directory: PosixLogDirectory
  let identity: LogIdentity

  /// - Throws: `ValidationError` for a path that is no data directory; `LogFault` for one whose
  ///   identity does not hold.
  init(path: String) throws {
    do throws(FileError) {
      directory = try PosixLogDirectory(path: path, creating: false)
    } catch {
      throw ValidationError("\(error)")
    }
    guard let identity = try LogIdentity.read(from: directory) else {
      guard try directory.names().contains("log") else {
        throw ValidationError("\(path) is not a data directory: it has no identity and no log")
      }
      throw LogFault.damaged(
        LogDamage(file: "identity", offset: .zero, after: .zero, finding: .identityMissing))
    }
    self.identity = identity
  }

  /// - Parameter index: segments that hold no entry after it are left out.
  func scanner(after index: LogIndex = .zero) throws(LogFault) -> LogScanner<PosixLogDirectory> {
    try LogScanner(directory, owner: identity.owner, after: index)
  }

  /// Nil when there is no folder of snapshots.
  func snapshots() throws(LogFault) -> SnapshotStore<PosixLogDirectory>? {
    do throws(LogFault) {
      return try SnapshotStore(reading: directory, owner: identity.owner)
    } catch {
      if case .file(let error) = error, error.kind == .notFound { return nil }
      throw error
    }
  }
}

/// Runs what a command does; a fault becomes a message with its place, and exit code 2.
func reportingFaults(_ body: () throws -> Verdict) throws {
  let verdict: Verdict
  do {
    verdict = try body()
  } catch let fault as LogFault {
    writeError("aionlog: \(fault)")
    throw Verdict.damaged.exitCode
  } catch let error as FileError {
    writeError("aionlog: \(error)")
    throw Verdict.damaged.exitCode
  }
  if verdict != .clean { throw verdict.exitCode }
}
