// aion.v1.Database and aion.v1.Role (Docs/schema/aion/v1/catalog.proto)

package import AionModel
package import AionWire

extension DatabaseDescriptor: StateRecord {
  package static var field: UInt32 { SnapshotField.database }

  package func encode(into writer: inout WireWriter) {
    writer.varint(1, id.rawValue)
    writer.string(2, name)
    writer.string(3, owner)
    writer.string(4, encoding)
    writer.string(5, collate)
    writer.string(6, ctype)
    if let tablespace { writer.alwaysVarint(7, UInt64(tablespace.rawValue)) }
    if let connectionLimit { writer.alwaysVarint(8, UInt64(connectionLimit)) }
    writer.bool(9, isTemplate)
    writer.bool(10, allowsConnections)
    writer.sint(11, createdAt.nanosecondsSince1970)
  }

  package init(from reader: inout WireReader) throws(WireError) {
    self.init(
      id: 0, name: "", owner: "", encoding: "", collate: "", ctype: "", allowsConnections: false)
    while let field = try reader.next() {
      switch field.number {
      case 1: id = DatabaseID(try reader.uint32(field))
      case 2: name = try reader.string(field)
      case 3: owner = try reader.string(field)
      case 4: encoding = try reader.string(field)
      case 5: collate = try reader.string(field)
      case 6: ctype = try reader.string(field)
      case 7: tablespace = TablespaceID(try reader.uint32(field))
      case 8: connectionLimit = try reader.uint32(field)
      case 9: isTemplate = try reader.bool(field)
      case 10: allowsConnections = try reader.bool(field)
      case 11: createdAt = WallTime(nanosecondsSince1970: try reader.sint(field))
      default: try reader.skip(field)
      }
    }
  }
}

extension ClusterRoleDescriptor: StateRecord {
  package static var field: UInt32 { SnapshotField.role }

  package func encode(into writer: inout WireWriter) {
    writer.string(1, name)
    writer.bool(2, canLogin)
    writer.bool(3, isSuperuser)
    writer.bool(4, canCreateDatabase)
    writer.bool(5, canCreateRole)
    writer.bool(6, inheritsPrivileges)
    if let connectionLimit { writer.alwaysVarint(7, UInt64(connectionLimit)) }
    if let validUntil { writer.alwaysSint(8, validUntil.nanosecondsSince1970) }
    if let passwordHash { writer.alwaysString(9, passwordHash.revealed) }
  }

  package init(from reader: inout WireReader) throws(WireError) {
    self.init(name: "", inheritsPrivileges: false)
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try reader.string(field)
      case 2: canLogin = try reader.bool(field)
      case 3: isSuperuser = try reader.bool(field)
      case 4: canCreateDatabase = try reader.bool(field)
      case 5: canCreateRole = try reader.bool(field)
      case 6: inheritsPrivileges = try reader.bool(field)
      case 7: connectionLimit = try reader.uint32(field)
      case 8: validUntil = WallTime(nanosecondsSince1970: try reader.sint(field))
      case 9: passwordHash = PasswordHash(try reader.string(field))
      default: try reader.skip(field)
      }
    }
  }
}
