/// The databases and roles of a cluster. Names are compared ignoring ASCII case.
///
/// Every write is durable and visible when it returns, as far as the implementation is durable at
/// all, and returns the version at which it is true. A write that changes nothing returns the
/// version as it stands.
public protocol ClusterCatalog: Sendable {
  /// In the order of their ids.
  func databases() async throws(ClusterError) -> [DatabaseDescriptor]
  /// nil when there is none.
  func database(_ id: DatabaseID) async throws(ClusterError) -> DatabaseDescriptor?
  /// nil when there is none.
  func database(named name: String) async throws(ClusterError) -> DatabaseDescriptor?

  /// The new database gets an id above every id ever used.
  ///
  /// - Throws: `invalidName`, `databaseExists`, `unknownDatabase` (the template).
  func createDatabase(
    _ request: CreateDatabaseRequest
  ) async throws(ClusterError) -> DatabaseDescriptor
  /// Drops the database and all its shards as one change.
  ///
  /// - Throws: `unknownDatabase`, `protectedDatabase`.
  @discardableResult
  func dropDatabase(_ id: DatabaseID) async throws(ClusterError) -> CatalogVersion
  /// - Throws: `unknownDatabase`, `protectedDatabase`, `invalidName`, `databaseExists`.
  @discardableResult
  func renameDatabase(
    _ id: DatabaseID, to name: String
  ) async throws(ClusterError) -> CatalogVersion
  /// - Throws: `unknownDatabase`, `invalidName`.
  @discardableResult
  func setOwner(
    of id: DatabaseID, to owner: String
  ) async throws(ClusterError) -> CatalogVersion
  /// nil: back to the cluster's default.
  ///
  /// - Throws: `unknownDatabase`.
  @discardableResult
  func setTablespace(
    of id: DatabaseID, to tablespace: TablespaceID?
  ) async throws(ClusterError) -> CatalogVersion
  /// nil: no limit.
  ///
  /// - Throws: `unknownDatabase`.
  @discardableResult
  func setConnectionLimit(
    of id: DatabaseID, to limit: UInt32?
  ) async throws(ClusterError) -> CatalogVersion
  /// - Throws: `unknownDatabase`.
  @discardableResult
  func setAllowsConnections(
    of id: DatabaseID, to allowed: Bool
  ) async throws(ClusterError) -> CatalogVersion
  /// - Throws: `unknownDatabase`.
  @discardableResult
  func setIsTemplate(
    of id: DatabaseID, to isTemplate: Bool
  ) async throws(ClusterError) -> CatalogVersion

  /// In the order of their names.
  func roles() async throws(ClusterError) -> [ClusterRoleDescriptor]
  /// nil when there is none.
  func role(named name: String) async throws(ClusterError) -> ClusterRoleDescriptor?
  /// Creates the role or replaces it.
  ///
  /// - Throws: `invalidName`, `limitExceeded`.
  @discardableResult
  func upsertRole(_ role: ClusterRoleDescriptor) async throws(ClusterError) -> CatalogVersion
  /// Dropping a role that does not exist changes nothing.
  @discardableResult
  func dropRole(named name: String) async throws(ClusterError) -> CatalogVersion
}
