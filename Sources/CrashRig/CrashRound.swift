import AionCluster
import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// One round: a child process writes, is killed with SIGKILL in the middle of it, and what it left
/// on the disk is held against what it acknowledged.
///
/// SIGKILL loses nothing that reached the kernel. That a write is not acknowledged before its
/// *sync* is shown elsewhere, by a file system in memory that drops what was not synced.
public struct CrashRound: Sendable {
  /// The program that runs a `CrashChild` when started with `childArguments`.
  public var executable: String
  public var childArguments: [String]
  public var directory: String
  public var tasks: Int
  /// Acknowledged writes to see before the kill.
  public var killAfter: Int

  public init(
    executable: String, childArguments: [String], directory: String, tasks: Int, killAfter: Int
  ) {
    self.executable = executable
    self.childArguments = childArguments
    self.directory = directory
    self.tasks = tasks
    self.killAfter = killAfter
  }

  /// What a round that held its promises has to tell.
  public struct Outcome: Sendable, Encodable {
    public var acknowledged: Int
    /// Writes that were found though their acknowledgement did not get out any more.
    public var unacknowledgedFound: Int
    public var recoveredVersion: UInt64
    public var digest: String
    public var tornTailDropped: Bool
  }

  /// - Parameter ledger: What was acknowledged in earlier rounds on this directory.
  /// - Throws: `CrashFailure`, or what opening the directory throws.
  public func run(ledger: inout Ledger) async throws -> Outcome {
    let acknowledgements = try killChildInTheMiddle()
    ledger.record(acknowledgements)
    let plane = try await DurableControlPlane.open(at: directory)
    let snapshot = plane.snapshot()
    let recovery = plane.recoveryReport
    let unacknowledged = try ledger.reconcile(with: snapshot, tasks: tasks)
    await plane.close()
    let replayed = try Replay.digest(of: directory)
    guard replayed == snapshot.digest else {
      throw CrashFailure.digestDiffers(opened: snapshot.digest, replayed: replayed)
    }
    return Outcome(
      acknowledged: acknowledgements.count, unacknowledgedFound: unacknowledged,
      recoveredVersion: snapshot.catalogVersion.rawValue, digest: "\(snapshot.digest)",
      tornTailDropped: recovery.tornTail != nil)
  }

  private func killChildInTheMiddle() throws -> [Acknowledgement] {
    let child = Process()
    let pipe = Pipe()
    child.executableURL = URL(fileURLWithPath: executable)
    child.arguments = childArguments
    child.standardOutput = pipe
    try child.run()
    try pipe.fileHandleForWriting.close()
    var received: [UInt8] = []
    var isKilled = false
    while let chunk = try pipe.fileHandleForReading.read(upToCount: 1 << 16), !chunk.isEmpty {
      received.append(contentsOf: chunk)
      if !isKilled, received.count >= killAfter * Acknowledgement.length {
        kill(child.processIdentifier, SIGKILL)
        isKilled = true
      }
    }
    child.waitUntilExit()
    guard isKilled else { throw CrashFailure.childFailed(status: child.terminationStatus) }
    return stride(from: 0, to: received.count, by: Acknowledgement.length).map { start in
      Acknowledgement(bytes: received[start..<(start + Acknowledgement.length)])
    }
  }
}
