import AionModel

extension ClusterState {
  mutating func bootstrapDefault(owner: String) throws(ClusterError) -> CommandOutcome {
    if let existing = snapshot.database(.default) { return .created(existing) }
    let database = DatabaseDescriptor.defaultBootstrap(owner: owner)
    try requireFree(database.name, except: nil)
    try NameRule.role.check(owner)
    put(database)
    return .created(database)
  }

  mutating func create(
    _ request: CreateDatabaseRequest, createdAt: WallTime
  ) throws(ClusterError) -> CommandOutcome {
    try NameRule.database.check(request.name)
    try requireFree(request.name, except: nil)
    if let template = request.template, snapshot.database(named: template) == nil {
      throw .unknownDatabase(.name(template))
    }
    try NameRule.role.check(request.owner)
    try NameRule.locale.check(request.encoding)
    try NameRule.locale.check(request.collate)
    try NameRule.locale.check(request.ctype)
    let database = DatabaseDescriptor(
      id: try nextDatabaseID(), name: request.name, owner: request.owner,
      encoding: request.encoding, collate: request.collate, ctype: request.ctype,
      tablespace: request.tablespace, connectionLimit: request.connectionLimit,
      isTemplate: request.isTemplate, allowsConnections: request.allowsConnections,
      createdAt: createdAt)
    snapshot.lastDatabaseID = database.id
    put(database)
    return .created(database)
  }

  mutating func dropDatabase(_ id: DatabaseID) throws(ClusterError) {
    guard !id.isCluster else { throw .protectedDatabase(id, .drop) }
    let database = try requireDatabase(id)
    guard !id.isDefault else { throw .protectedDatabase(id, .drop) }
    remove(snapshot.run(in: id))
    remove(database)
  }

  mutating func renameDatabase(_ id: DatabaseID, to name: String) throws(ClusterError) {
    guard !id.isCluster else { throw .protectedDatabase(id, .rename) }
    _ = try requireDatabase(id)
    guard !id.isDefault else { throw .protectedDatabase(id, .rename) }
    try NameRule.database.check(name)
    try requireFree(name, except: id)
    try changeDatabase(id) { $0.name = name }
  }

  mutating func setOwner(of id: DatabaseID, to owner: String) throws(ClusterError) {
    _ = try requireDatabase(id)
    try NameRule.role.check(owner)
    try changeDatabase(id) { $0.owner = owner }
  }

  mutating func changeDatabase(
    _ id: DatabaseID, _ change: (inout DatabaseDescriptor) -> Void
  ) throws(ClusterError) {
    let database = try requireDatabase(id)
    var changed = database
    change(&changed)
    if !changed.hasSameBytes(as: database) { put(changed) }
  }

  private func requireDatabase(_ id: DatabaseID) throws(ClusterError) -> DatabaseDescriptor {
    guard let database = snapshot.database(id) else { throw .unknownDatabase(.id(id)) }
    return database
  }

  private func requireFree(_ name: String, except own: DatabaseID?) throws(ClusterError) {
    if let holder = snapshot.database(named: name), holder.id != own {
      throw .databaseExists(name: holder.name)
    }
  }

  private func nextDatabaseID() throws(ClusterError) -> DatabaseID {
    let last = snapshot.lastDatabaseID.rawValue
    guard last < .max else {
      throw .limitExceeded(.databaseIDs, asked: Int(last) + 1, allowed: Int(last))
    }
    return DatabaseID(last + 1)
  }
}
