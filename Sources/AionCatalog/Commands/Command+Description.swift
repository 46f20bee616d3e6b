import AionModel

extension Command: CustomStringConvertible {
  /// The command in words, on one line, for people. A password's hash is `<redacted>`.
  public var description: String {
    switch self {
    case .bootstrapDefault, .createDatabase, .dropDatabase, .renameDatabase, .setDatabaseOwner,
      .setDatabaseTablespace, .setDatabaseConnectionLimit, .setDatabaseAllowsConnections,
      .setDatabaseIsTemplate:
      databaseWords
    case .upsertRole(let role): "upsert \(role.words)"
    case .dropRole(let name): "drop role \(quoted(name))"
    case .upsertNode(let node):
      "upsert node \(node.id) at \(quoted(node.rpcEndpoint)), \(node.isLive ? "live" : "down")"
        + (node.isDraining ? ", draining" : "")
    case .markNode(let id, let live): "mark node \(id) \(live ? "live" : "down")"
    case .removeNode(let id): "remove node \(id)"
    case .setNodeDraining(let id, let draining):
      "\(draining ? "drain" : "stop draining") node \(id)"
    case .registerNode(let id, let endpoint, let agent, let timeToLive, let renewing):
      "register node \(id) at \(quoted(endpoint)), agent \(agent), time to live \(timeToLive)"
        + (renewing.map { ", renewing \($0)" } ?? "")
    case .expireNode(let id, let registration):
      "expire node \(id), registered at \(registration)"
    case .upsertShard(let shard): "upsert shard \(shard.key) on \(words(of: shard.placements))"
    case .removeShards(let table): "remove the shards of table \(table)"
    case .updatePlacement(let key, let placements, let expected):
      "place \(key) on \(words(of: placements))"
        + (expected.map { ", expecting \(words(of: $0))" } ?? "")
    case .transferLeadership(let key, let node): "transfer leadership of \(key) to \(node)"
    case .beginTxn, .allocateReadSnapshot, .prepareTxn, .decideTxn, .forgetTxn: transactionWords
    case .openSession: "open a session"
    case .closeSession(let session): "close session \(session)"
    }
  }

  private var databaseWords: String {
    switch self {
    case .bootstrapDefault(let owner): "bootstrap the default database, owner \(quoted(owner))"
    case .createDatabase(let request, let createdAt): "\(request.words), created \(createdAt)"
    case .dropDatabase(let id): "drop database \(id)"
    case .renameDatabase(let id, let name): "rename database \(id) to \(quoted(name))"
    case .setDatabaseOwner(let id, let owner): "set owner of database \(id) to \(quoted(owner))"
    case .setDatabaseTablespace(let id, let tablespace):
      "set tablespace of database \(id) to \(tablespace.map(\.description) ?? "the default")"
    case .setDatabaseConnectionLimit(let id, let limit):
      "set connection limit of database \(id) to \(limit.map(String.init) ?? "none")"
    case .setDatabaseAllowsConnections(let id, let allowed):
      "\(allowed ? "allow" : "forbid") connections to database \(id)"
    case .setDatabaseIsTemplate(let id, let isTemplate):
      "mark database \(id) as \(isTemplate ? "a template" : "no template")"
    default: ""
    }
  }

  private var transactionWords: String {
    switch self {
    case .beginTxn(let scope): "begin a transaction, \(scope.words)"
    case .allocateReadSnapshot(let shards): "allocate a read snapshot of \(words(of: shards))"
    case .prepareTxn(let txn, let participants):
      "prepare transaction \(txn) with "
        + listed(participants) { "\($0.shard)" + ($0.leader.map { " led by \($0)" } ?? "") }
    case .decideTxn(let txn, let decision): "\(decision) transaction \(txn)"
    case .forgetTxn(let txn): "forget transaction \(txn)"
    default: ""
    }
  }
}

extension CommandBatch: CustomStringConvertible {
  /// The commands in words, separated by semicolons, after the session and what they expect.
  public var description: String {
    var conditions: [String] = []
    if let expectedCatalogVersion { conditions.append("catalog version \(expectedCatalogVersion)") }
    if let expectedPlacementEpoch { conditions.append("placement epoch \(expectedPlacementEpoch)") }
    let prefix = conditions.isEmpty ? "" : "if \(conditions.joined(separator: " and ")): "
    let session = stamp.map { "\($0): " } ?? ""
    return session + prefix + commands.map(\.description).joined(separator: "; ")
  }
}

extension SessionStamp: CustomStringConvertible {
  public var description: String {
    "session \(session), write \(sequence), answered below \(answeredBelow)"
  }
}

extension CreateDatabaseRequest {
  fileprivate var words: String {
    var parts = ["create database \(quoted(name))", "owner \(quoted(owner))"]
    if let template { parts.append("template \(quoted(template))") }
    parts.append("encoding \(quoted(encoding))")
    parts.append("collate \(quoted(collate))")
    parts.append("ctype \(quoted(ctype))")
    if let tablespace { parts.append("tablespace \(tablespace)") }
    if let connectionLimit { parts.append("connection limit \(connectionLimit)") }
    if isTemplate { parts.append("a template") }
    if !allowsConnections { parts.append("no connections") }
    return parts.joined(separator: ", ")
  }
}

extension ClusterRoleDescriptor {
  fileprivate var words: String {
    var parts = ["role \(quoted(name))"]
    if canLogin { parts.append("login") }
    if isSuperuser { parts.append("superuser") }
    if canCreateDatabase { parts.append("createdb") }
    if canCreateRole { parts.append("createrole") }
    if !inheritsPrivileges { parts.append("noinherit") }
    if let connectionLimit { parts.append("connection limit \(connectionLimit)") }
    if let validUntil { parts.append("valid until \(validUntil)") }
    if let passwordHash { parts.append("password \(passwordHash)") }
    return parts.joined(separator: ", ")
  }
}

extension TxnScope {
  fileprivate var words: String {
    switch self {
    case .local: "local"
    case .singleShard(let key): "on \(key)"
    case .readOnlyMultiShard(let snapshot, let shards):
      "reading \(AionCatalog.words(of: shards)) at \(snapshot)"
    case .multiShardWrite(let coordinator, let shards):
      "writing \(AionCatalog.words(of: shards)), coordinator \(coordinator)"
    }
  }
}

private func words(of placements: [ShardPlacement]) -> String {
  "[" + listed(placements) { "\($0.node) \($0.role)" } + "]"
}

private func words(of shards: [ShardKey]) -> String { listed(shards, \.description) }

/// The first dozen; a line for people has an end.
private func listed<Element>(_ elements: [Element], _ words: (Element) -> String) -> String {
  let shown = elements.prefix(12).map(words).joined(separator: ", ")
  return elements.count > 12 ? "\(shown), … (\(elements.count) in all)" : shown
}

/// In quotation marks, with control characters escaped.
private func quoted(_ text: String) -> String {
  "\"" + text.unicodeScalars.map { $0.escaped(asASCII: false) }.joined() + "\""
}
