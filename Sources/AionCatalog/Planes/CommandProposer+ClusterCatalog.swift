public import AionModel

extension ClusterCatalog where Self: CommandProposer {
  public func databases() async throws(ClusterError) -> [DatabaseDescriptor] {
    try await read { $0.databases() }
  }

  public func database(_ id: DatabaseID) async throws(ClusterError) -> DatabaseDescriptor? {
    try await read { $0.database(id) }
  }

  public func database(named name: String) async throws(ClusterError) -> DatabaseDescriptor? {
    try await read { $0.database(named: name) }
  }

  /// Makes the default database unless it is there; returns it as it is.
  ///
  /// - Throws: `databaseExists` when another database has its name, `invalidName` (the owner).
  @discardableResult
  public func bootstrapDefault(owner: String) async throws(ClusterError) -> DatabaseDescriptor {
    try await created(by: .bootstrapDefault(owner: owner))
  }

  public func createDatabase(
    _ request: CreateDatabaseRequest
  ) async throws(ClusterError) -> DatabaseDescriptor {
    try await created(by: .createDatabase(request, createdAt: now))
  }

  @discardableResult
  public func dropDatabase(_ id: DatabaseID) async throws(ClusterError) -> CatalogVersion {
    try await propose(.dropDatabase(id)).catalogVersion
  }

  @discardableResult
  public func renameDatabase(
    _ id: DatabaseID, to name: String
  ) async throws(ClusterError) -> CatalogVersion {
    try await propose(.renameDatabase(id, to: name)).catalogVersion
  }

  @discardableResult
  public func setOwner(
    of id: DatabaseID, to owner: String
  ) async throws(ClusterError) -> CatalogVersion {
    try await propose(.setDatabaseOwner(id, to: owner)).catalogVersion
  }

  @discardableResult
  public func setTablespace(
    of id: DatabaseID, to tablespace: TablespaceID?
  ) async throws(ClusterError) -> CatalogVersion {
    try await propose(.setDatabaseTablespace(id, to: tablespace)).catalogVersion
  }

  @discardableResult
  public func setConnectionLimit(
    of id: DatabaseID, to limit: UInt32?
  ) async throws(ClusterError) -> CatalogVersion {
    try await propose(.setDatabaseConnectionLimit(id, to: limit)).catalogVersion
  }

  @discardableResult
  public func setAllowsConnections(
    of id: DatabaseID, to allowed: Bool
  ) async throws(ClusterError) -> CatalogVersion {
    try await propose(.setDatabaseAllowsConnections(id, to: allowed)).catalogVersion
  }

  @discardableResult
  public func setIsTemplate(
    of id: DatabaseID, to isTemplate: Bool
  ) async throws(ClusterError) -> CatalogVersion {
    try await propose(.setDatabaseIsTemplate(id, to: isTemplate)).catalogVersion
  }

  public func roles() async throws(ClusterError) -> [ClusterRoleDescriptor] {
    try await read { $0.roles() }
  }

  public func role(named name: String) async throws(ClusterError) -> ClusterRoleDescriptor? {
    try await read { $0.role(named: name) }
  }

  @discardableResult
  public func upsertRole(_ role: ClusterRoleDescriptor) async throws(ClusterError) -> CatalogVersion
  {
    try await propose(.upsertRole(role)).catalogVersion
  }

  @discardableResult
  public func dropRole(named name: String) async throws(ClusterError) -> CatalogVersion {
    try await propose(.dropRole(name: name)).catalogVersion
  }

  private func created(by command: Command) async throws(ClusterError) -> DatabaseDescriptor {
    let outcome = try await outcome(of: command)
    guard case .created(let database) = outcome else {
      preconditionFailure("\(command) answered \(outcome)")
    }
    return database
  }
}
