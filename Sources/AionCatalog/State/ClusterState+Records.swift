import AionModel
import AionWire

// The only places that change records. Each keeps the derived indexes and the digest in step.

extension ClusterState {
  mutating func put(_ database: DatabaseDescriptor) {
    if let old = snapshot.databaseRecords.updateValue(database, forKey: database.id) {
      discount(old)
      snapshot.databaseNames.removeValue(forKey: FoldedName(old.name))
    }
    snapshot.databaseNames.updateValue(database.id, forKey: FoldedName(database.name))
    count(database)
    effects.changedCatalog = true
  }

  mutating func remove(_ database: DatabaseDescriptor) {
    snapshot.databaseRecords.removeValue(forKey: database.id)
    snapshot.databaseNames.removeValue(forKey: FoldedName(database.name))
    discount(database)
    effects.changedCatalog = true
  }

  mutating func put(_ role: ClusterRoleDescriptor) {
    let old = snapshot.roleRecords.updateValue(role, forKey: FoldedName(role.name))
    if let old { discount(old) }
    count(role)
    effects.changedCatalog = true
  }

  mutating func remove(_ role: ClusterRoleDescriptor) {
    snapshot.roleRecords.removeValue(forKey: FoldedName(role.name))
    discount(role)
    effects.changedCatalog = true
  }

  mutating func put(_ node: NodeDescriptor) {
    if let old = snapshot.nodeRecords.updateValue(node, forKey: node.id) { discount(old) }
    count(node)
    effects.changedPlacement = true
  }

  mutating func remove(_ node: NodeDescriptor) {
    snapshot.nodeRecords.removeValue(forKey: node.id)
    discount(node)
    effects.changedPlacement = true
  }

  mutating func put(_ shard: ShardDescriptor) {
    if let old = snapshot.shardRecords.updateValue(shard, forKey: shard.key) {
      if !old.hasSameTopology(as: shard) {
        old.placements.forEach { count($0, by: -1) }
        shard.placements.forEach { count($0, by: 1) }
      }
      discount(old)
    } else {
      snapshot.shardPlaces.updateValue((), forKey: ShardPlace(shard.key))
      shard.placements.forEach { count($0, by: 1) }
      effects.changedCatalog = true
    }
    count(shard)
    effects.changedPlacement = true
  }

  mutating func put(_ txn: TxnRecord) {
    if let old = snapshot.txnRecords.updateValue(txn, forKey: txn.id) { discount(old) }
    if txn.status.isDecided {
      snapshot.undecidedTxns.removeValue(forKey: txn.id)
    } else {
      snapshot.undecidedTxns.updateValue((), forKey: txn.id)
    }
    count(txn)
  }

  mutating func remove(_ txn: TxnRecord) {
    snapshot.txnRecords.removeValue(forKey: txn.id)
    snapshot.undecidedTxns.removeValue(forKey: txn.id)
    discount(txn)
  }

  mutating func put(_ session: SessionRecord) {
    if let old = snapshot.sessionRecords.updateValue(session, forKey: session.id) {
      snapshot.sessionUses.removeValue(forKey: SessionUse(old))
      discount(old)
    }
    snapshot.sessionUses.updateValue((), forKey: SessionUse(session))
    count(session)
  }

  mutating func remove(_ session: SessionRecord) {
    snapshot.sessionRecords.removeValue(forKey: session.id)
    snapshot.sessionUses.removeValue(forKey: SessionUse(session))
    discount(session)
  }

  mutating func keep(_ reply: SessionReply, in session: SessionRecord) {
    snapshot.sessionReplies.updateValue(reply, forKey: reply.key)
    var fuller = session
    fuller.keptLength += ByteCount(reply.encoded.count)
    // Not encoded, so the digest stays as it is.
    snapshot.sessionRecords.updateValue(fuller, forKey: session.id)
    count(reply)
  }

  /// - Returns: How much they took.
  @discardableResult
  mutating func forgetReplies(
    of session: SessionID, through last: SequenceNumber
  ) -> ByteCount {
    var freed = ByteCount.zero
    let keys = SessionReplyKey.all(of: session, through: last)
    while let (_, reply) = snapshot.sessionReplies.removeFirst(in: keys) {
      freed += ByteCount(reply.encoded.count)
      discount(reply)
    }
    return freed
  }

  private mutating func count(_ placement: ShardPlacement, by change: Int) {
    var counts = snapshot.replicaCounts(on: placement.node)
    counts.count(placement.role, by: change)
    setCounts(counts, on: placement.node)
  }

  mutating func setCounts(_ counts: ReplicaCounts, on node: NodeID) {
    if counts.isEmpty {
      snapshot.nodeCounts.removeValue(forKey: node)
    } else {
      snapshot.nodeCounts.updateValue(counts, forKey: node)
    }
  }
}

extension ClusterState {
  private mutating func count(_ record: some StateRecord) {
    effects.changedRecords = true
    encodeAlone(record)
    scratch.bytes.withUnsafeBytes { snapshot.recordDigest.add($0) }
  }

  mutating func discount(_ record: some StateRecord) {
    effects.changedRecords = true
    encodeAlone(record)
    scratch.bytes.withUnsafeBytes { snapshot.recordDigest.subtract($0) }
  }

  private mutating func encodeAlone(_ record: some StateRecord) {
    scratch.removeAll()
    record.encodeField(into: &scratch)
  }
}
