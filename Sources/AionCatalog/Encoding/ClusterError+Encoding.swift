// aion.v1.Error (Docs/schema/aion/v1/error.proto)

package import AionModel
package import AionWire

extension ClusterError {
  /// - Parameter inWords: Whether the code and the message go along, for readers of another
  ///   release. What becomes part of a state goes without. On the way to somebody else, words are
  ///   cut where they would take too much of a frame.
  package func encode(into writer: inout WireWriter, inWords: Bool) {
    if inWords {
      writer.string(1, sqlState.cut(to: Self.wordsLimit))
      writer.string(2, message.cut(to: Self.wordsLimit))
    }
    let told = inWords ? cut : self
    switch told {
    case .invalidName, .limitExceeded, .databaseExists, .unknownDatabase, .protectedDatabase,
      .unknownNode, .nodeDown, .nodeHostsReplicas:
      told.encodeName(into: &writer)
    case .unknownShard, .ambiguousShard, .invalidPlacement, .placementChanged, .tableWithoutShards,
      .leaderDown, .quorumLost, .notAReplica, .notAVoter:
      told.encodeShard(into: &writer)
    case .invalidScope, .fragmentOutsideScope, .unknownTransaction, .transactionNotActive,
      .participantsOutsideScope, .participantWithoutLeader, .staleLeader, .alreadyDecided,
      .notPrepared, .notDecided, .fragmentOutOfStep, .fragmentTimedOut:
      told.encodeTransaction(into: &writer)
    case .preconditionFailed, .compacted, .sessionExpired, .sequenceAnswered, .notLeader, .busy,
      .unreachable, .outcomeUnknown, .membershipRefused, .cancelled, .closed, .diskFull,
      .storageFailed:
      told.encodeService(into: &writer)
    case .other(let sqlState, let message):
      // Never the state machine's, so its words are all that there is of it.
      if !inWords {
        writer.string(1, sqlState)
        writer.string(2, message)
      }
    }
  }

  private static let wordsLimit = ByteCount.kibibytes(4)

  /// Without what is too long of what it says in words of its own.
  private var cut: ClusterError {
    switch self {
    case .unreachable(let reason): .unreachable(reason: reason.cut(to: Self.wordsLimit))
    case .storageFailed(let path, let reason):
      .storageFailed(path: path, reason: reason.cut(to: Self.wordsLimit))
    case .fragmentOutsideScope(let label, let problem):
      .fragmentOutsideScope(label: label.cut(to: Self.wordsLimit), problem)
    default: self
    }
  }

  private func encodeName(into writer: inout WireWriter) {
    switch self {
    case .invalidName(let kind, let name, let problem):
      writer.message(3) {
        $0.varint(1, kind.wireNumber)
        $0.string(2, name)
        $0.varint(3, problem.wireNumber)
        if case .tooLong(let limit) = problem { $0.varint(4, UInt64(limit.bytes)) }
      }
    case .limitExceeded(let limit, let asked, let allowed):
      writer.message(4) {
        $0.varint(1, limit.wireNumber)
        $0.varint(2, UInt64(clamping: asked))
        $0.varint(3, UInt64(clamping: allowed))
      }
    case .databaseExists(let name): writer.alwaysString(5, name)
    case .unknownDatabase(let reference):
      writer.message(6) {
        switch reference {
        case .id(let id): $0.alwaysVarint(1, UInt64(id.rawValue))
        case .name(let name): $0.alwaysString(2, name)
        }
      }
    case .protectedDatabase(let id, let operation):
      writer.message(7) {
        $0.varint(1, id.rawValue)
        $0.varint(2, operation.wireNumber)
      }
    case .unknownNode(let node): writer.alwaysString(8, node.name)
    case .nodeDown(let node): writer.alwaysString(9, node.name)
    case .nodeHostsReplicas(let node, let count, let example):
      writer.message(10) {
        $0.string(1, node.name)
        $0.varint(2, UInt64(clamping: count))
        $0.message(3) { example.encode(into: &$0) }
      }
    default: break
    }
  }
}

// MARK: Shards

extension ClusterError {
  private func encodeShard(into writer: inout WireWriter) {
    switch self {
    case .unknownShard(let reference):
      writer.message(11) { reference.encode(into: &$0) }
    case .ambiguousShard(let shard, let tables, let count):
      writer.message(12) {
        $0.varint(1, shard.rawValue)
        for table in tables { $0.message(2) { table.encode(into: &$0) } }
        $0.varint(3, UInt64(clamping: count))
      }
    case .invalidPlacement(let key, let problem):
      writer.message(13) {
        $0.message(1) { key.encode(into: &$0) }
        problem.encode(into: &$0)
      }
    case .placementChanged(let key, let expected, let current):
      writer.message(14) {
        $0.message(1) { key.encode(into: &$0) }
        for placement in expected { $0.message(2) { placement.encode(into: &$0, of: key.shard) } }
        for placement in current { $0.message(3) { placement.encode(into: &$0, of: key.shard) } }
      }
    case .tableWithoutShards(let table): writer.message(15) { table.encode(into: &$0) }
    case .leaderDown(let key, let node): writer.encode(16, key, node)
    case .quorumLost(let key, let live, let voters):
      writer.message(17) {
        $0.message(1) { key.encode(into: &$0) }
        $0.varint(2, UInt64(clamping: live))
        $0.varint(3, UInt64(clamping: voters))
      }
    case .notAReplica(let key, let node): writer.encode(18, key, node)
    case .notAVoter(let key, let node): writer.encode(19, key, node)
    default: break
    }
  }
}

extension WireWriter {
  fileprivate mutating func encode(_ field: UInt32, _ key: ShardKey, _ node: NodeID) {
    message(field) {
      $0.message(1) { key.encode(into: &$0) }
      $0.string(2, node.name)
    }
  }

  fileprivate mutating func encode(_ field: UInt32, _ txn: TxnID, _ key: ShardKey?) {
    message(field) {
      $0.varint(1, txn.rawValue)
      if let key { $0.message(2) { key.encode(into: &$0) } }
    }
  }

  fileprivate mutating func encode(_ field: UInt32, expected: UInt64, current: UInt64) {
    message(field) {
      $0.varint(1, expected)
      $0.varint(2, current)
    }
  }

  fileprivate mutating func encode(
    _ mismatch: VersionMismatch, catalogVersion: UInt32, placementEpoch: UInt32
  ) {
    switch mismatch {
    case .catalogVersion(let expected, let current):
      encode(catalogVersion, expected: expected.rawValue, current: current.rawValue)
    case .placementEpoch(let expected, let current):
      encode(placementEpoch, expected: expected.rawValue, current: current.rawValue)
    }
  }
}

extension TableKey {
  package func encode(into writer: inout WireWriter) {
    writer.varint(1, database.rawValue)
    writer.varint(2, relation.rawValue)
  }
}

extension ShardReference {
  package func encode(into writer: inout WireWriter) {
    switch self {
    case .id(let id): writer.alwaysVarint(1, UInt64(id.rawValue))
    case .key(let key): writer.message(2) { key.encode(into: &$0) }
    }
  }
}

extension PlacementProblem {
  fileprivate func encode(into writer: inout WireWriter) {
    switch self {
    case .empty: writer.alwaysVarint(2, 1)
    case .duplicateNode(let node): writer.alwaysString(3, node.name)
    case .leaders(let count): writer.alwaysVarint(4, UInt64(clamping: count))
    case .otherShard(let shard): writer.alwaysVarint(5, UInt64(shard.rawValue))
    }
  }
}

// MARK: Transactions

extension ClusterError {
  private func encodeTransaction(into writer: inout WireWriter) {
    switch self {
    case .invalidScope(let problem):
      writer.message(20) {
        switch problem {
        case .noShards: $0.alwaysVarint(1, 1)
        case .duplicateShard(let key): $0.message(2) { key.encode(into: &$0) }
        }
      }
    case .fragmentOutsideScope(let label, let problem):
      writer.message(21) {
        $0.string(1, label)
        switch problem {
        case .shard(let key): $0.message(2) { key.encode(into: &$0) }
        case .snapshot(let asked, let expected):
          $0.message(3) {
            $0.varint(1, asked.rawValue)
            $0.varint(2, expected.rawValue)
          }
        }
      }
    case .unknownTransaction(let txn): writer.alwaysVarint(22, txn.rawValue)
    case .transactionNotActive(let txn, let status):
      writer.message(23) {
        $0.varint(1, txn.rawValue)
        $0.varint(2, UInt32(status.rawValue))
      }
    case .participantsOutsideScope(let txn, let key): writer.encode(24, txn, key)
    case .participantWithoutLeader(let txn, let key): writer.encode(25, txn, key)
    case .staleLeader(let key, let claimed, let current):
      writer.message(26) {
        $0.message(1) { key.encode(into: &$0) }
        $0.string(2, claimed.name)
        $0.string(3, current.name)
      }
    case .alreadyDecided(let txn, let recorded, let asked):
      writer.message(27) {
        $0.varint(1, txn.rawValue)
        $0.varint(2, UInt32(recorded.status.rawValue))
        $0.varint(3, UInt32(asked.status.rawValue))
      }
    case .notPrepared(let txn): writer.alwaysVarint(28, txn.rawValue)
    case .notDecided(let txn): writer.alwaysVarint(29, txn.rawValue)
    case .fragmentOutOfStep(let label, let mismatch):
      writer.message(43) {
        $0.string(1, label)
        $0.encode(mismatch, catalogVersion: 2, placementEpoch: 3)
      }
    case .fragmentTimedOut(let label, let time):
      writer.message(44) {
        $0.string(1, label)
        $0.varint(2, UInt64(clamping: time.components.seconds))
        $0.varint(3, UInt64(clamping: time.components.attoseconds / 1_000_000_000))
      }
    default: break
    }
  }
}

extension TxnDecision {
  fileprivate var status: TxnRecordStatus { self == .commit ? .committed : .aborted }
}

// MARK: The service

extension ClusterError {
  private func encodeService(into writer: inout WireWriter) {
    switch self {
    case .preconditionFailed(let mismatch):
      writer.message(30) { $0.encode(mismatch, catalogVersion: 1, placementEpoch: 2) }
    case .compacted(let asked, let oldest):
      writer.message(31) {
        $0.varint(1, asked.rawValue)
        $0.varint(2, oldest.rawValue)
      }
    case .sessionExpired(let session): writer.alwaysVarint(32, session.rawValue)
    case .sequenceAnswered(let session, let sequence, let answeredBelow):
      writer.message(33) {
        $0.varint(1, session.rawValue)
        $0.varint(2, sequence.rawValue)
        $0.varint(3, answeredBelow.rawValue)
      }
    case .notLeader(let leader, let address):
      writer.message(34) {
        if let leader { $0.string(1, leader.name) }
        if let address { $0.alwaysString(2, address) }
      }
    case .busy(let reason): writer.message(35) { reason.encode(into: &$0) }
    case .outcomeUnknown: writer.alwaysVarint(36, 1)
    case .membershipRefused(let problem): writer.message(37) { problem.encode(into: &$0) }
    case .cancelled: writer.alwaysVarint(38, 1)
    case .closed: writer.alwaysVarint(39, 1)
    case .diskFull(let path): writer.alwaysString(40, path)
    case .storageFailed(let path, let reason):
      writer.message(41) {
        $0.string(1, path)
        $0.string(2, reason)
      }
    case .unreachable(let reason): writer.alwaysString(42, reason)
    default: break
    }
  }
}

extension BusyReason {
  fileprivate func encode(into writer: inout WireWriter) {
    switch self {
    case .queueFull(let limit): writer.alwaysVarint(1, UInt64(clamping: limit))
    case .uncommittedBytes(let limit): writer.alwaysVarint(2, UInt64(clamping: limit.bytes))
    case .transferringLeadership: writer.alwaysVarint(3, 1)
    case .fragments(let limit): writer.alwaysVarint(4, UInt64(clamping: limit))
    case .fragmentBytes(let limit): writer.alwaysVarint(5, UInt64(clamping: limit.bytes))
    }
  }
}

extension MembershipProblem {
  fileprivate func encode(into writer: inout WireWriter) {
    switch self {
    case .changeInProgress: writer.alwaysVarint(1, 1)
    case .isJoint: writer.alwaysVarint(2, 1)
    case .notJoint: writer.alwaysVarint(3, 1)
    case .noVoterLeft: writer.alwaysVarint(4, 1)
    case .tooManyVotersChanged: writer.alwaysVarint(5, 1)
    case .notAMember(let replica): writer.alwaysVarint(6, replica.rawValue)
    case .notAVoter(let replica): writer.alwaysVarint(7, replica.rawValue)
    case .notIntroduced(let replica): writer.alwaysVarint(8, replica.rawValue)
    case .wasMember(let replica): writer.alwaysVarint(9, replica.rawValue)
    case .lagging(let replica, let matched, let committed):
      writer.message(10) {
        $0.varint(1, replica.rawValue)
        $0.varint(2, matched.rawValue)
        $0.varint(3, committed.rawValue)
      }
    }
  }
}

// MARK: Numbers of names

extension NameKind {
  var wireNumber: UInt32 {
    switch self {
    case .database: 1
    case .role: 2
    case .node: 3
    case .endpoint: 4
    case .locale: 5
    }
  }
}

extension NameProblem {
  var wireNumber: UInt32 {
    switch self {
    case .empty: 1
    case .tooLong: 2
    case .controlCharacter: 3
    case .surroundingSpace: 4
    }
  }
}

extension ClusterLimit {
  var wireNumber: UInt32 {
    switch self {
    case .placementsPerShard: 1
    case .shardsPerTransaction: 2
    case .commandsPerBatch: 3
    case .commandBatchLength: 4
    case .passwordHashLength: 5
    case .databaseIDs: 6
    case .unansweredPerSession: 7
    case .unansweredOutcomesLength: 8
    }
  }
}

extension DatabaseOperation {
  var wireNumber: UInt32 {
    switch self {
    case .drop: 1
    case .rename: 2
    }
  }
}
