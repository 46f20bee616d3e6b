public import AionModel

// Databases and roles; names are compared ignoring ASCII case.

extension ClusterSnapshot {
  /// In the order of their ids.
  public func databases() -> [DatabaseDescriptor] { databaseRecords.elements.map(\.value) }

  public func database(_ id: DatabaseID) -> DatabaseDescriptor? { databaseRecords[id] }

  public func database(named name: String) -> DatabaseDescriptor? {
    databaseNames[FoldedName(name)].flatMap { databaseRecords[$0] }
  }

  /// In the order of their names.
  public func roles() -> [ClusterRoleDescriptor] { roleRecords.elements.map(\.value) }

  public func role(named name: String) -> ClusterRoleDescriptor? { roleRecords[FoldedName(name)] }
}
