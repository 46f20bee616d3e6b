import AionModel
import Testing

@Suite("Identities")
struct IdentityTests {
  @Test("Fixed values are PostgreSQL's, and print as numbers")
  func fixedValues() {
    #expect(DatabaseID.cluster.rawValue == 0 && DatabaseID.cluster.isCluster)
    #expect(DatabaseID.default.rawValue == 1 && DatabaseID.default.isDefault)
    #expect(!DatabaseID(2).isDefault && !DatabaseID(2).isCluster)
    #expect(TablespaceID.pgDefault.rawValue == 1663)
    #expect(TablespaceID.pgGlobal.rawValue == 1664)
    #expect(
      "\(DatabaseID(42))" == "42" && "\(TxnID(7))" == "7" && "\(RelationID(16_384))" == "16384")
  }

  @Test("An identity is ordered by its number, at the ends of its range too")
  func order() {
    #expect(TxnID(1) < TxnID(2))
    #expect(QueryID(UInt128.max) > QueryID(UInt128(UInt64.max)))
    #expect([ShardID(3), 1, 2].sorted() == [1, 2, 3])
    #expect(ShardID(.max).description == "shard-4294967295")
  }

  @Test("A shard is named inside its table, and its table inside its database")
  func shardKeys() {
    let key = ShardKey(database: 1, relation: 16_384, shard: 7)
    #expect("\(key)" == "1/16384/shard-7")
    #expect("\(key.table)" == "1/16384")
    #expect(key.database == .default)
    #expect("\(ShardReference.id(7))" == "shard-7")
    #expect("\(ShardReference.key(key))" == "1/16384/shard-7")
  }

  @Test("Keys are ordered by database, then table, then shard")
  func keyOrder() {
    let ordered = [(1, 1, 1), (1, 1, 2), (1, 2, 0), (2, 0, 0)].map {
      ShardKey(database: .init($0.0), relation: .init($0.1), shard: .init($0.2))
    }
    #expect(ordered.reversed().sorted() == ordered)
  }

  @Test("The index before the first stays where it is")
  func indices() {
    #expect(LogIndex.zero.previous == .zero)
    #expect(LogIndex(5).previous == 4 && LogIndex(5).next == 6)
    #expect(LogIndex(3).distance(to: 10) == 7 && LogIndex(10).distance(to: 3) == -7)
    #expect(LogIndex(3).advanced(by: -2) == 1)
    #expect(Array(LogIndex(2)..<5) == [2, 3, 4])
    #expect(Term.zero.next == 1)
  }

  @Test("Raft §5.4.1: positions are ordered by term, then by index")
  func positions() {
    #expect(LogPosition(term: 1, index: 9) < LogPosition(term: 2, index: 1))
    #expect(LogPosition(term: 2, index: 1) < LogPosition(term: 2, index: 2))
    #expect("\(LogPosition(term: 2, index: 17))" == "2/17")
  }

  @Test("Every version is a log index")
  func versions() {
    #expect(CatalogVersion(LogIndex(9)).index == 9)
    #expect(PlacementEpoch(LogIndex(9)).index == 9)
    #expect(SnapshotTimestamp(LogIndex(9)).index == 9)
  }

  @Test("A cluster's id is 32 hexadecimal digits, leading zeros included")
  func clusterIDs() {
    #expect("\(ClusterID(0xAB))" == String(repeating: "0", count: 30) + "ab")
    #expect("\(ClusterID(.max))" == String(repeating: "f", count: 32))
  }
}
