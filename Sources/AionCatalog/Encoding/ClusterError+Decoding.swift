// aion.v1.Error (Docs/schema/aion/v1/error.proto)

package import AionModel
package import AionWire

extension ClusterError {
  /// A problem that this version does not know becomes `other`, with the words that came along.
  package init(from reader: inout WireReader) throws(WireError) {
    var sqlState = ""
    var message = ""
    var problem: ClusterError?
    while let field = try reader.next() {
      switch field.number {
      case 1: sqlState = try reader.string(field)
      case 2: message = try reader.string(field)
      default: problem = try Self.problem(field, from: &reader) ?? problem
      }
    }
    self =
      problem
      ?? .other(
        sqlState: sqlState.isEmpty ? "XX000" : sqlState,
        message: message.isEmpty
          ? "an error that this release does not know; upgrade it" : message)
  }

  private static func problem(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) -> ClusterError? {
    switch field.number {
    case 5: return .databaseExists(name: try reader.string(field))
    case 8, 9:
      guard let node = try? NodeID(try reader.string(field)) else { throw reader.outOfRange(field) }
      return field.number == 8 ? .unknownNode(node) : .nodeDown(node)
    case 22: return .unknownTransaction(TxnID(try reader.uint64(field)))
    case 28: return .notPrepared(TxnID(try reader.uint64(field)))
    case 29: return .notDecided(TxnID(try reader.uint64(field)))
    case 32: return .sessionExpired(SessionID(try reader.uint64(field)))
    case 36, 38, 39:
      _ = try reader.bool(field)
      return field.number == 36 ? .outcomeUnknown : field.number == 38 ? .cancelled : .closed
    case 40: return .diskFull(path: try reader.string(field))
    case 42: return .unreachable(reason: try reader.string(field))
    case 3...41, 43, 44:
      return try problem(field.number, of: MessageFields(try reader.message(field)))
    default:
      try reader.skip(field)
      return nil
    }
  }

  private static func problem(
    _ number: UInt32, of fields: MessageFields
  ) throws(WireError) -> ClusterError? {
    switch number {
    case 3: try invalidName(fields)
    case 4: try limitExceeded(fields)
    case 6, 7, 10: try database(number, fields)
    case 11...14: try shard(number, fields)
    case 15: .tableWithoutShards(try TableKey(fields))
    case 16: .leaderDown(try fields.shard(1), leader: try fields.node(2))
    case 17:
      .quorumLost(try fields.shard(1), liveVoters: try fields.count(2), voters: try fields.count(3))
    case 18: .notAReplica(try fields.shard(1), try fields.node(2))
    case 19: .notAVoter(try fields.shard(1), try fields.node(2))
    case 20, 21: try scope(number, fields)
    case 23...27: try transaction(number, fields)
    case 30:
      try VersionMismatch(fields, catalogVersion: 1, placementEpoch: 2).map {
        .preconditionFailed($0)
      }
    case 31:
      .compacted(asked: LogIndex(try fields.number(1)), oldest: LogIndex(try fields.number(2)))
    case 33:
      .sequenceAnswered(
        SessionID(try fields.number(1)), SequenceNumber(try fields.number(2)),
        answeredBelow: SequenceNumber(try fields.number(3)))
    case 34:
      .notLeader(
        leader: try fields.has(1) ? try fields.node(1) : nil,
        address: try fields.has(2) ? try fields.text(2) : nil)
    case 35: try busy(fields)
    case 37: try MembershipProblem(fields).map { .membershipRefused($0) }
    case 41: .storageFailed(path: try fields.text(1), reason: try fields.text(2))
    case 43, 44: try fragment(number, fields)
    default: nil
    }
  }
}

// MARK: Names, databases, nodes

extension ClusterError {
  private static func invalidName(_ fields: MessageFields) throws(WireError) -> ClusterError? {
    let kind = try fields.number32(1)
    let problem: NameProblem? =
      switch try fields.number(3) {
      case 1: .empty
      case 2: .tooLong(limit: ByteCount(try fields.count(4)))
      case 3: .controlCharacter
      case 4: .surroundingSpace
      default: nil
      }
    guard let kind = NameKind.allCases.first(where: { $0.wireNumber == kind }), let problem
    else { return nil }
    return .invalidName(kind, try fields.text(2), problem)
  }

  private static func limitExceeded(_ fields: MessageFields) throws(WireError) -> ClusterError? {
    let number = try fields.number32(1)
    guard let limit = ClusterLimit.allCases.first(where: { $0.wireNumber == number })
    else { return nil }
    return .limitExceeded(limit, asked: try fields.count(2), allowed: try fields.count(3))
  }

  private static func database(
    _ number: UInt32, _ fields: MessageFields
  ) throws(WireError) -> ClusterError? {
    switch number {
    case 6:
      if try fields.has(2) { return .unknownDatabase(.name(try fields.text(2))) }
      return .unknownDatabase(.id(DatabaseID(try fields.number32(1))))
    case 7:
      let operation = try fields.number32(2)
      let id = DatabaseID(try fields.number32(1))
      return DatabaseOperation.allCases.first { $0.wireNumber == operation }
        .map { .protectedDatabase(id, $0) }
    default:
      return .nodeHostsReplicas(
        try fields.node(1), count: try fields.count(2), example: try fields.shard(3))
    }
  }
}

// MARK: Shards

extension TableKey {
  package init(_ fields: MessageFields) throws(WireError) {
    self.init(
      database: DatabaseID(try fields.number32(1)), relation: RelationID(try fields.number(2)))
  }
}

extension ClusterError {
  private static func shard(
    _ number: UInt32, _ fields: MessageFields
  ) throws(WireError) -> ClusterError? {
    switch number {
    case 11:
      return .unknownShard(try ShardReference(fields))
    case 12:
      var tables: [TableKey] = []
      for message in try fields.messages(2) { tables.append(try TableKey(MessageFields(message))) }
      return .ambiguousShard(
        ShardID(try fields.number32(1)), tables: tables, count: try fields.count(3))
    case 13:
      let key = try fields.shard(1)
      return try PlacementProblem(fields).map { .invalidPlacement(key, $0) }
    default:
      let key = try fields.shard(1)
      return .placementChanged(
        key, expected: try fields.placements(2, of: key.shard),
        current: try fields.placements(3, of: key.shard))
    }
  }
}

extension ShardReference {
  package init(_ fields: MessageFields) throws(WireError) {
    self =
      try fields.has(2)
      ? .key(try fields.shard(2)) : .id(ShardID(try fields.number32(1)))
  }
}

extension PlacementProblem {
  fileprivate init?(_ fields: MessageFields) throws(WireError) {
    if try fields.has(2) {
      self = .empty
    } else if try fields.has(3) {
      self = .duplicateNode(try fields.node(3))
    } else if try fields.has(4) {
      self = .leaders(count: try fields.count(4))
    } else if try fields.has(5) {
      self = .otherShard(ShardID(try fields.number32(5)))
    } else {
      return nil
    }
  }
}

// MARK: Transactions

extension ClusterError {
  private static func scope(
    _ number: UInt32, _ fields: MessageFields
  ) throws(WireError) -> ClusterError? {
    if number == 20 {
      if try fields.has(2) { return .invalidScope(.duplicateShard(try fields.shard(2))) }
      return try fields.has(1) ? .invalidScope(.noShards) : nil
    }
    let label = try fields.text(1)
    if try fields.has(2) { return .fragmentOutsideScope(label: label, .shard(try fields.shard(2))) }
    guard let snapshot = try fields.message(3) else { return nil }
    return .fragmentOutsideScope(
      label: label,
      .snapshot(
        SnapshotTimestamp(try snapshot.number(1)),
        expected: SnapshotTimestamp(try snapshot.number(2))))
  }

  private static func transaction(
    _ number: UInt32, _ fields: MessageFields
  ) throws(WireError) -> ClusterError? {
    if number == 26 {
      return .staleLeader(
        try fields.shard(1), claimed: try fields.node(2), current: try fields.node(3))
    }
    let txn = TxnID(try fields.number(1))
    switch number {
    case 23:
      return try fields.status(2).map { .transactionNotActive(txn, $0) }
    case 24:
      return .participantsOutsideScope(txn, try fields.has(2) ? try fields.shard(2) : nil)
    case 25: return .participantWithoutLeader(txn, try fields.shard(2))
    default:
      guard let recorded = try fields.status(2)?.decision,
        let asked = try fields.status(3)?.decision
      else { return nil }
      return .alreadyDecided(txn, recorded: recorded, asked: asked)
    }
  }
}

extension ClusterError {
  private static func fragment(
    _ number: UInt32, _ fields: MessageFields
  ) throws(WireError) -> ClusterError? {
    let label = try fields.text(1)
    guard number == 43 else {
      let seconds = Duration.seconds(Int64(clamping: try fields.number(2)))
      let nanoseconds = Duration.nanoseconds(Int64(clamping: try fields.number(3)))
      return .fragmentTimedOut(label: label, after: seconds + nanoseconds)
    }
    return try VersionMismatch(fields, catalogVersion: 2, placementEpoch: 3).map {
      .fragmentOutOfStep(label: label, $0)
    }
  }
}

extension MessageFields {
  fileprivate func status(_ number: UInt32) throws(WireError) -> TxnRecordStatus? {
    UInt8(exactly: try self.number(number)).flatMap(TxnRecordStatus.init(rawValue:))
  }
}

extension TxnRecordStatus {
  fileprivate var decision: TxnDecision? {
    switch self {
    case .committed: .commit
    case .aborted: .abort
    default: nil
    }
  }
}

// MARK: The service

extension ClusterError {
  private static func busy(_ fields: MessageFields) throws(WireError) -> ClusterError? {
    if try fields.has(1) { return .busy(.queueFull(limit: try fields.count(1))) }
    if try fields.has(2) {
      return .busy(.uncommittedBytes(limit: ByteCount(try fields.count(2))))
    }
    if try fields.has(4) { return .busy(.fragments(limit: try fields.count(4))) }
    if try fields.has(5) { return .busy(.fragmentBytes(limit: ByteCount(try fields.count(5)))) }
    return try fields.has(3) ? .busy(.transferringLeadership) : nil
  }
}

extension VersionMismatch {
  fileprivate init?(
    _ fields: MessageFields, catalogVersion: UInt32, placementEpoch: UInt32
  ) throws(WireError) {
    if let versions = try fields.message(catalogVersion) {
      self = .catalogVersion(
        expected: CatalogVersion(try versions.number(1)),
        current: CatalogVersion(try versions.number(2)))
    } else if let epochs = try fields.message(placementEpoch) {
      self = .placementEpoch(
        expected: PlacementEpoch(try epochs.number(1)),
        current: PlacementEpoch(try epochs.number(2)))
    } else {
      return nil
    }
  }
}

extension MembershipProblem {
  fileprivate init?(_ fields: MessageFields) throws(WireError) {
    var known: MembershipProblem?
    if try fields.has(1) { known = .changeInProgress }
    if try fields.has(2) { known = .isJoint }
    if try fields.has(3) { known = .notJoint }
    if try fields.has(4) { known = .noVoterLeft }
    if try fields.has(5) { known = .tooManyVotersChanged }
    if try fields.has(6) { known = .notAMember(ReplicaID(try fields.number(6))) }
    if try fields.has(7) { known = .notAVoter(ReplicaID(try fields.number(7))) }
    if try fields.has(8) { known = .notIntroduced(ReplicaID(try fields.number(8))) }
    if try fields.has(9) { known = .wasMember(ReplicaID(try fields.number(9))) }
    if let lagging = try fields.message(10) {
      known = .lagging(
        ReplicaID(try lagging.number(1)), matched: LogIndex(try lagging.number(2)),
        committed: LogIndex(try lagging.number(3)))
    }
    guard let known else { return nil }
    self = known
  }
}
