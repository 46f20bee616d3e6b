import AionCatalog
import AionLog
import AionModel
public import AionNode

extension DurableControlPlane {
  /// Opens the control plane in a directory, or begins a new one in a directory that is missing or
  /// empty.
  ///
  /// A last batch that a crash left incomplete was never acknowledged; it is dropped and reported.
  /// Everything else that does not hold is refused and left as it is: `aionlog verify` explains it.
  ///
  /// - Parameter path: The data directory. Its parent must exist. Made with mode 0700, files 0600.
  /// - Throws: `NodeFault` with the place: damage, another cluster's or a newer release's files, in
  ///   use by another process, not a directory, read-only, another owner. A full disk does not
  ///   keep it from opening; writes are then refused with `diskFull`.
  public static func open(
    at path: String, configuration: DurableConfiguration = DurableConfiguration()
  ) async throws(NodeFault) -> DurableControlPlane {
    let setup = ReplicaSetup(
      path: path, storage: configuration, options: configuration.nodeOptions,
      identity: { (directory) throws(NodeFault) in
        try DataDirectory.identity(of: directory, for: configuration.nodeID)
      })
    return DurableControlPlane(try await OpenReplica.start(setup))
  }
}

extension DurableConfiguration {
  var nodeOptions: NodeOptions {
    NodeOptions(
      log: LogLimits(segmentSize: segmentSize, preallocation: preallocation),
      snapshotAfter: snapshotAfter, keptEntries: keptEntries)
  }
}
