public import AionModel
public import AionRPC
public import ArgumentParser

// How a person writes the names of things.

extension NodeID: ExpressibleByArgument {
  public init?(argument: String) {
    guard let node = try? NodeID(argument) else { return nil }
    self = node
  }
}

extension ClientRole: ExpressibleByArgument {
  public init?(argument: String) {
    guard let role = ClientRole.allCases.first(where: { "\($0)" == argument }) else { return nil }
    self = role
  }

  public static var allValueStrings: [String] { allCases.map { "\($0)" } }
}

/// A table as `database/relation`.
struct TableName: ExpressibleByArgument {
  let table: TableKey

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let database = UInt32(parts[0]), let relation = UInt64(parts[1])
    else { return nil }
    table = TableKey(database: DatabaseID(database), relation: RelationID(relation))
  }
}

/// A shard as `database/relation/number`; before the number, `shard-` may stand.
struct ShardName: ExpressibleByArgument {
  let key: ShardKey

  init?(argument: String) {
    guard let slash = argument.lastIndex(of: "/"),
      let table = TableName(argument: String(argument[..<slash]))
    else { return nil }
    var number = argument[argument.index(after: slash)...]
    if number.hasPrefix("shard-") { number = number.dropFirst("shard-".count) }
    guard let shard = UInt32(number) else { return nil }
    key = ShardKey(table: table.table, shard: ShardID(shard))
  }
}

/// A placement as `node:role`.
struct PlacementName: ExpressibleByArgument {
  let node: NodeID
  let role: ReplicaRole

  init?(argument: String) {
    guard let colon = argument.lastIndex(of: ":"),
      let node = try? NodeID(String(argument[..<colon]))
    else { return nil }
    switch argument[argument.index(after: colon)...] {
    case "leader": role = .leader
    case "follower": role = .follower
    case "learner": role = .learner
    default: return nil
    }
    self.node = node
  }
}

extension [ShardPlacement] {
  var words: [String] { map { "\($0.node):\($0.role)" } }
}
