public import AionCatalog
public import AionModel

/// What a process knows of the catalog, and how it waits to know more: the port of a fragment
/// server.
public protocol CatalogView: Sendable {
  /// The state as it is known here: one version, whatever comes later.
  func snapshot() -> ClusterSnapshot

  /// Waits until everything up to `index` is known.
  ///
  /// - Throws: `unreachable` when it does not come in time; `cancelled`, `closed`.
  func waitFor(_ index: LogIndex, within timeout: Duration?) async throws(ClusterError)
}

extension CachedControlPlane: CatalogView {}
