/// The system tables of one database; the engine conforms.
public protocol DatabaseCatalog: Sendable {
  /// The database that these tables describe.
  var databaseID: DatabaseID { get }
}

/// The storage of one database; the engine conforms.
public protocol DatabaseStorage: Sendable {
  /// The database that is stored here.
  var databaseID: DatabaseID { get }
}

/// An open database: what it is, its system tables and its storage.
///
/// Its description shows id and name only.
public struct DatabaseHandle: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
  public let descriptor: DatabaseDescriptor
  public let catalog: any DatabaseCatalog
  public let storage: any DatabaseStorage

  public init(
    descriptor: DatabaseDescriptor, catalog: any DatabaseCatalog, storage: any DatabaseStorage
  ) {
    self.descriptor = descriptor
    self.catalog = catalog
    self.storage = storage
  }

  public var description: String { "DatabaseHandle(\(descriptor.id), \(descriptor.name))" }

  public var debugDescription: String { description }
}
