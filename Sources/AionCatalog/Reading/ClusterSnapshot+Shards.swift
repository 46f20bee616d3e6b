public import AionModel

extension ClusterSnapshot {
  public var shardCount: Int { shardRecords.count }

  /// nil when there is none.
  public func shard(_ key: ShardKey) -> ShardDescriptor? { shardRecords[key] }

  /// Every shard, in the order of the keys.
  public func shards() -> some RandomAccessCollection<ShardDescriptor> & Sendable {
    ShardList(elements: shardRecords.elements)
  }

  /// In the order of their keys.
  public func shards(in database: DatabaseID) -> [ShardDescriptor] {
    run(in: database).map(\.value)
  }

  /// In the order of their ids; empty for an unknown table.
  public func shards(of table: TableKey) -> [ShardDescriptor] { run(of: table).map(\.value) }

  /// The key of the shard that the caller means, or nil when there is none.
  ///
  /// - Throws: `ambiguousShard` for a number that shards of several tables have.
  public func key(of reference: ShardReference) throws(ClusterError) -> ShardKey? {
    switch reference {
    case .key(let key): return shardRecords.contains(key) ? key : nil
    case .id(let shard):
      let places = shardPlaces.elements(
        from: ShardPlace(ShardKey(database: 0, relation: 0, shard: shard)),
        through: ShardPlace(
          ShardKey(
            database: DatabaseID(.max), relation: RelationID(.max), shard: shard)))
      guard places.count <= 1 else {
        let tables = places.prefix(Self.tablesNamed).map(\.key.table)
        throw .ambiguousShard(shard, tables: tables, count: places.count)
      }
      return places.first?.key.key
    }
  }

  /// An error names this many tables at most.
  private static var tablesNamed: Int { 4 }

  package func run(
    in database: DatabaseID
  ) -> OrderedTree<ShardKey, ShardDescriptor>.Elements {
    shardRecords.elements(
      from: ShardKey(database: database, relation: 0, shard: 0),
      through: ShardKey(database: database, relation: RelationID(.max), shard: ShardID(.max)))
  }

  package func run(of table: TableKey) -> OrderedTree<ShardKey, ShardDescriptor>.Elements {
    shardRecords.elements(
      from: ShardKey(table: table, shard: 0), through: ShardKey(table: table, shard: ShardID(.max)))
  }
}

/// The values of a run of shards.
struct ShardList: RandomAccessCollection, Sendable {
  let elements: OrderedTree<ShardKey, ShardDescriptor>.Elements

  var startIndex: Int { elements.startIndex }
  var endIndex: Int { elements.endIndex }

  subscript(index: Int) -> ShardDescriptor { elements[index].value }

  func makeIterator() -> Iterator { Iterator(elements: elements.makeIterator()) }

  struct Iterator: IteratorProtocol {
    var elements: OrderedTree<ShardKey, ShardDescriptor>.Iterator

    mutating func next() -> ShardDescriptor? { elements.next()?.value }
  }
}
