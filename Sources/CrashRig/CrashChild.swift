public import AionCluster
public import Foundation

/// The process that writes until it is killed.
public struct CrashChild: Sendable {
  public var directory: String
  public var tasks: Int
  public var configuration: DurableConfiguration

  public init(directory: String, tasks: Int, configuration: DurableConfiguration) {
    self.directory = directory
    self.tasks = tasks
    self.configuration = configuration
  }

  /// Writes from `tasks` tasks at once and tells `output` of every acknowledged write.
  ///
  /// Returns only by throwing: the parent kills it, or closes the pipe.
  public func run(reportingTo output: FileHandle) async throws {
    let plane = try await DurableControlPlane.open(at: directory, configuration: configuration)
    let snapshot = plane.snapshot()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<tasks {
        let last = try CrashWorkload.lastSequence(of: task, in: snapshot) ?? 0
        group.addTask {
          var sequence = last
          while true {
            sequence += 1
            let batch = try CrashWorkload.batch(task: task, sequence: sequence)
            let applied = try await plane.propose(batch)
            let acknowledgement = Acknowledgement(
              task: task, sequence: sequence, index: applied.index)
            try output.write(contentsOf: Data(acknowledgement.bytes))
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
