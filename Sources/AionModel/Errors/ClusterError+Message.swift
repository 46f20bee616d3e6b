extension ClusterError: CustomStringConvertible {
  public var description: String { "\(message) [\(sqlState)]" }

  /// What is wrong with what, and what to do, in one line.
  public var message: String {
    switch self {
    case .invalidName(let kind, let name, let problem): problem.message(kind: kind, name: name)
    case .limitExceeded(let limit, let asked, let allowed):
      "\(asked) \(limit.rawValue) asked, at most \(allowed) allowed; \(limit.remedy)"
    case .databaseExists, .unknownDatabase, .protectedDatabase: databaseMessage
    case .unknownNode, .nodeDown, .nodeHostsReplicas: nodeMessage
    case .unknownShard, .ambiguousShard, .invalidPlacement, .placementChanged, .tableWithoutShards,
      .leaderDown, .quorumLost, .notAReplica, .notAVoter, .staleLeader:
      shardMessage
    case .invalidScope, .fragmentOutsideScope, .unknownTransaction, .transactionNotActive,
      .participantsOutsideScope, .participantWithoutLeader, .alreadyDecided, .notPrepared,
      .notDecided:
      transactionMessage
    case .fragmentOutOfStep(let label, let mismatch): "\(label) \(mismatch.fragmentMessage)"
    case .fragmentTimedOut(let label, let time):
      "\(label) did not end within \(time) and was cancelled; what it wrote may be there all the "
        + "same"
    case .sessionExpired, .sequenceAnswered: sessionMessage
    case .other(_, let message): message
    case .preconditionFailed, .compacted, .notLeader, .unreachable, .outcomeUnknown,
      .membershipRefused, .busy, .cancelled, .closed, .diskFull,
      .storageFailed:
      serviceMessage
    }
  }

  private var databaseMessage: String {
    switch self {
    case .databaseExists(let name): "database \"\(name)\" already exists; choose another name"
    case .unknownDatabase(let reference):
      "database \(reference) does not exist; create it or correct the name"
    case .protectedDatabase(let id, let operation):
      "cannot \(operation.rawValue) database \(id): it belongs to the cluster itself; "
        + "\(operation.rawValue) another one"
    default: sqlState
    }
  }

  private var nodeMessage: String {
    switch self {
    case .unknownNode(let node): "node \(node) is not registered; register it first"
    case .nodeDown(let node): "node \(node) is down; choose a live one or mark it live"
    case .nodeHostsReplicas(let node, let count, let example):
      "node \(node) still hosts \(count) replicas, \(example) among them; move them away first"
    default: sqlState
    }
  }

  private var shardMessage: String {
    switch self {
    case .unknownShard(let reference):
      "\(reference) does not exist; create it, or read the shards of its table again"
    case .ambiguousShard(let shard, let tables, let count):
      "\(shard) exists in \(count) tables (\(listed(tables, of: count))); name the table too"
    case .invalidPlacement(let key, let problem): "placements of \(key): \(problem.message)"
    case .placementChanged(let key, let expected, let current):
      "placements of \(key) are \(rendered(current)), not \(rendered(expected)) as expected; "
        + "read them again and retry"
    case .tableWithoutShards(let table): "table \(table) has no shards; create them first"
    case .leaderDown(let key, let leader):
      "leader \(leader) of \(key) is down; transfer leadership or bring it back"
    case .quorumLost(let key, let live, let voters):
      "\(key) has lost its quorum: \(live) of \(voters) voters are live; bring one back"
    case .notAReplica(let key, let node):
      "node \(node) has no replica of \(key); place one there first"
    case .notAVoter(let key, let node):
      "node \(node) is a learner of \(key) and cannot lead; promote it first"
    case .staleLeader(let key, let claimed, let current):
      "\(key) is led by \(current), not \(claimed); resolve it again and retry"
    default: sqlState
    }
  }

  private var transactionMessage: String {
    switch self {
    case .invalidScope(.noShards): "the transaction names no shard; name at least one"
    case .invalidScope(.duplicateShard(let key)):
      "the transaction names \(key) twice; name each shard once"
    case .fragmentOutsideScope(let label, let problem): "\(label): \(problem.message)"
    case .unknownTransaction(let txn):
      "transaction \(txn) is unknown or forgotten; begin a new one"
    case .transactionNotActive(let txn, let status):
      "transaction \(txn) is \(status) and can no longer be prepared in this way; "
        + "read its record and finish it, or begin a new one"
    case .participantsOutsideScope(let txn, let key):
      key.map {
        "participant \($0) is not in the scope of transaction \(txn), or named twice; "
          + "name each shard of the scope once"
      } ?? "the participants of transaction \(txn) are not all the shards of its scope; name each"
    case .participantWithoutLeader(let txn, let key):
      "participant \(key) of transaction \(txn) has no known leader; resolve the shard first"
    case .alreadyDecided(let txn, let recorded, let asked):
      "transaction \(txn) was decided: \(recorded); it cannot \(asked) any more"
    case .notPrepared(let txn):
      "transaction \(txn) writes several shards; prepare it before it commits"
    case .notDecided(let txn): "transaction \(txn) is not decided; commit or abort it first"
    default: sqlState
    }
  }

  private var sessionMessage: String {
    switch self {
    case .sessionExpired(let session):
      "session \(session) is unknown, closed, or made room for others; open a new one, and look "
        + "whether what it left unanswered was done"
    case .sequenceAnswered(let session, let sequence, let answeredBelow):
      "write \(sequence) of session \(session) is a late duplicate: its client was answered "
        + "everything below \(answeredBelow); nothing was changed"
    default: sqlState
    }
  }

  private var serviceMessage: String {
    switch self {
    case .preconditionFailed(let mismatch): mismatch.message
    case .compacted(let asked, let oldest):
      "changes from index \(asked) are compacted, the oldest kept is \(oldest); "
        + "start from a snapshot"
    case .notLeader(let leader, let address):
      leader.map { "not the leader; ask \($0)\(address.map { " at \($0)" } ?? "")" }
        ?? "not the leader, and no leader is known; retry"
    case .unreachable(let reason):
      "no replica can be reached: \(reason); check the addresses, or retry later"
    case .outcomeUnknown:
      "the leadership or the connection was lost; the change may be made or not: look before a "
        + "retry"
    case .membershipRefused(let problem): "the members stay as they are: \(problem.message)"
    case .busy(let reason): "\(reason.message); retry later"
    case .cancelled: "the caller stopped waiting; the change may be made all the same"
    case .closed: "the control plane is closed; open it again"
    case .diskFull(let path):
      "no space left for \(path); reads go on, writes work again when there is room"
    case .storageFailed(let path, let reason):
      "\(path): \(reason); nothing more is written, reopen the directory when the disk is sound"
    default: sqlState
    }
  }
}

private func listed(_ tables: [TableKey], of count: Int) -> String {
  tables.map(\.description).joined(separator: ", ") + (tables.count < count ? ", …" : "")
}

private func rendered(_ placements: [ShardPlacement]) -> String {
  "[" + placements.map { "\($0.node) \($0.role)" }.joined(separator: ", ") + "]"
}

private func escaped(_ name: String) -> String {
  name.unicodeScalars.map { $0.escaped(asASCII: false) }.joined()
}

extension NameProblem {
  fileprivate func message(kind: NameKind, name: String) -> String {
    let shown = name.utf8.count > 80 ? "\(name.prefix(60))…" : name
    return switch self {
    case .empty: "the \(kind.rawValue) name is empty; give one"
    case .tooLong(let limit):
      "\(kind.rawValue) name \"\(shown)\" has \(name.utf8.count) bytes, at most \(limit.bytes) "
        + "are allowed; shorten it"
    case .controlCharacter:
      "\(kind.rawValue) name \"\(escaped(shown))\" contains a control character; remove it"
    case .surroundingSpace:
      "\(kind.rawValue) name \"\(shown)\" begins or ends with white space; remove it"
    }
  }
}

extension PlacementProblem {
  fileprivate var message: String {
    switch self {
    case .empty: "there are none; give at least a leader"
    case .duplicateNode(let node): "node \(node) stands twice; place one replica a node"
    case .leaders(let count): "\(count) leaders; give exactly one"
    case .otherShard(let shard): "one is for \(shard); give only placements of this shard"
    }
  }
}

extension FragmentProblem {
  fileprivate var message: String {
    switch self {
    case .shard(let key): "\(key) is not in the scope of the transaction; plan the query again"
    case .snapshot(let asked, let expected):
      "reads at \(asked), but the transaction reads at \(expected); plan the query again"
    }
  }
}

extension VersionMismatch {
  fileprivate var message: String {
    switch self {
    case .catalogVersion(let expected, let current):
      "the catalog is at version \(current), not \(expected) as expected; read again and retry"
    case .placementEpoch(let expected, let current):
      "placement is at epoch \(current), not \(expected) as expected; read again and retry"
    }
  }

  fileprivate var fragmentMessage: String {
    switch self {
    case .catalogVersion(let planned, let known) where known < planned:
      "was planned with the catalog at version \(planned), the node knows \(known) only; "
        + "ask another replica, or retry when it has caught up"
    case .catalogVersion(let planned, let known):
      "was planned with the catalog at version \(planned), what it names has changed since "
        + "(version \(known)); read the catalog again and plan again"
    case .placementEpoch(let planned, let known) where known < planned:
      "was planned at placement epoch \(planned), the node knows \(known) only; "
        + "ask another replica, or retry when it has caught up"
    case .placementEpoch(let planned, let known):
      "was planned at placement epoch \(planned), what it names has moved since (epoch \(known)); "
        + "resolve its shards again and plan again"
    }
  }
}

extension ClusterLimit {
  fileprivate var remedy: String {
    switch self {
    case .unansweredPerSession, .unansweredOutcomesLength: "wait for answers first"
    default: "split the request"
    }
  }
}

extension BusyReason {
  fileprivate var message: String {
    switch self {
    case .queueFull(let limit): "\(limit) requests are waiting already"
    case .uncommittedBytes(let limit): "\(limit) of writes are waiting for a quorum already"
    case .transferringLeadership: "leadership is being transferred"
    case .fragments(let limit): "\(limit) fragments are being executed already"
    case .fragmentBytes(let limit): "fragments whose plans take \(limit) are being executed already"
    }
  }
}
