/// A process of the database, by a name that its operator chose: `node-eu-1`.
///
/// 1 to 255 bytes of UTF-8, without control characters and without white space around it.
@frozen
public struct NodeID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let name: String

  /// - Throws: `ClusterError.invalidName` when the name is empty, too long, has control characters
  ///   or white space around it.
  public init(_ name: String) throws(ClusterError) {
    try NameRule.node.check(name)
    self.name = name
  }

  private init(known name: String) { self.name = name }

  /// The node of a database that runs on one machine only.
  public static let local = NodeID(known: "local")

  public var description: String { name }
}

extension NodeID: ExpressibleByStringLiteral {
  /// For names in source code; a literal that breaks the rule is a bug and stops the process.
  public init(stringLiteral name: String) {
    do throws(ClusterError) {
      try self.init(name)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
