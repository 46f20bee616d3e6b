import AionCluster
import AionModel
import AionPlacement
import AionRPC
import AionRaft

/// What `/metrics` shows: every metric of the service, declared here and nowhere else.
struct MetricsPage {
  /// Shards and nodes that have samples of their own; those of a larger catalog are left out, since
  /// a page of a million lines serves nobody.
  static let sampleLimit = 1_000

  var page = MetricsText()
  var text: String { page.text }

  init(
    of plane: ReplicatedControlPlane, over transport: TransportMeters, watch: NodeWatch,
    replicationFactor: Int, certificateEnd: WallTime?
  ) {
    let status = plane.status()
    let snapshot = plane.snapshot()
    page.family("aion_build_info", .gauge, "Which release this is; always 1.")
    page.sample("aion_build_info", [("release", Release.version)], 1)
    add(snapshot.summary())
    page.single(
      "aion_client_sessions", .gauge, "Clients whose writes are made once, whatever is lost.",
      snapshot.sessionCount)
    add(
      ReplicationStatusSnapshot(
        of: Array(snapshot.shards()), on: snapshot.nodes(), replicationFactor: replicationFactor))
    addRaft(status)
    addLog(status, plane.syncs)
    add(transport)
    if let certificateEnd { add(certificateEnd) }
    addNodes(watch.meters, watch.table)
    addMaintenance(watch.meters)
  }
}

// MARK: The control plane (Docs/Contracts.md)

extension MetricsPage {
  private mutating func add(_ summary: ControlPlaneSnapshot) {
    let prefix = "aiondb_distributed_control_plane_"
    page.single(
      prefix + "catalog_version", .gauge, "When what exists last changed.", summary.catalogVersion)
    page.single(
      prefix + "placement_epoch", .gauge, "When where it runs last changed.",
      summary.placementEpoch)
    page.single(prefix + "nodes", .gauge, "Registered nodes.", summary.totalNodes)
    page.single(prefix + "live_nodes", .gauge, "Nodes that are live.", summary.liveNodes)
    page.single(prefix + "shards", .gauge, "Shards of all tables.", summary.totalShards)
    page.family(prefix + "node_live", .gauge, "Whether a node is live.")
    for node in summary.nodes.prefix(Self.sampleLimit) {
      page.sample(prefix + "node_live", [("node", node.id.name)], node.isLive ? 1 : 0)
    }
  }

  private mutating func add(_ status: ReplicationStatusSnapshot) {
    let prefix = "aiondb_distributed_replication_"
    page.single(prefix + "shards_total", .untyped, "Shards of all tables.", status.totalShards)
    let totals: [(String, String, Int)] = [
      ("shards_with_live_quorum", "Shards that can write.", status.shardsWithLiveQuorum),
      ("shards_without_live_quorum", "Shards that cannot.", status.shardsWithoutLiveQuorum),
      ("under_replicated_shards", "Shards short of live voters.", status.underReplicatedShards),
      ("shards_with_down_voters", "Shards with a voter down.", status.shardsWithDownVoters),
      ("shards_with_learners", "Shards with learners.", status.shardsWithLearners),
      ("learner_replicas", "Replicas that learn.", status.learnerReplicas),
    ]
    for (name, help, value) in totals { page.single(prefix + name, .gauge, help, value) }
    addNodes(status.nodes.prefix(Self.sampleLimit), prefix)
    addShards(status.shards.prefix(Self.sampleLimit), prefix)
  }

  private mutating func addNodes(_ nodes: ArraySlice<NodeReplicationStatus>, _ prefix: String) {
    let families: [(String, String, (NodeReplicationStatus) -> Int)] = [
      ("node_leaders", "Shards that a node leads.", { $0.leaders }),
      ("node_voters", "Voting replicas on a node.", { $0.voters }),
      ("node_learners", "Learning replicas on a node.", { $0.learners }),
      ("node_down_voters", "Voting replicas on a node that is down.", { $0.downVoters }),
    ]
    for (name, help, value) in families {
      page.family(prefix + name, .gauge, help)
      for node in nodes { page.sample(prefix + name, [("node", node.node.name)], value(node)) }
    }
  }

  private mutating func addShards(
    _ shards: ArraySlice<ShardReplicationStatus>, _ prefix: String
  ) {
    let families: [(String, String, (ShardReplicationStatus) -> Int)] = [
      ("shard_live_quorum", "Whether a shard can write.", { $0.hasLiveQuorum ? 1 : 0 }),
      ("shard_live_voters", "Live voters of a shard.", { $0.liveVoters }),
      ("shard_voters", "Voters of a shard.", { $0.voters }),
      ("shard_down_voters", "Voters of a shard that are down.", { $0.downVoters }),
      ("shard_learners", "Learners of a shard.", { $0.learners }),
    ]
    for (name, help, value) in families {
      page.family(prefix + name, .gauge, help)
      for shard in shards {
        let labels = [
          ("database", "\(shard.shard.table.database)"),
          ("relation", "\(shard.shard.table.relation)"), ("shard", "\(shard.shard.shard.rawValue)"),
        ]
        page.sample(prefix + name, labels, value(shard))
      }
    }
  }
}

// MARK: The replica

extension MetricsPage {
  private mutating func addRaft(_ status: ReplicaStatus) {
    let storage = status.storage
    page.single("aion_raft_term", .gauge, "The replica's term.", storage.term)
    page.single(
      "aion_raft_is_leader", .gauge, "Whether the replica leads.", status.role == .leader ? 1 : 0)
    page.single(
      "aion_raft_has_leader", .gauge, "Whether it knows a leader.", status.leader == nil ? 0 : 1)
    page.single(
      "aion_raft_commit_index", .gauge, "The newest entry that is on a majority.",
      storage.committedIndex)
    page.single(
      "aion_raft_applied_index", .gauge, "The newest entry that is applied.", storage.appliedIndex)
    page.single("aion_raft_last_index", .gauge, "The newest entry.", storage.lastIndex)
    page.single("aion_raft_voters", .gauge, "Voters.", status.membership.voters.count)
    page.single("aion_raft_learners", .gauge, "Learners.", status.membership.learners.count)
    page.single(
      "aion_raft_elections_won_total", .counter, "Times that it became leader.",
      status.wonElections)
    page.single(
      "aion_raft_refused_envelopes_total", .counter, "Envelopes of strangers.",
      status.refusedEnvelopes)
    page.single(
      "aion_raft_dropped_envelopes_total", .counter, "Envelopes that found no room on arrival.",
      status.droppedEnvelopes)
    page.family("aion_raft_member_lag", .gauge, "Entries that a member lacks; on the leader.")
    for member in status.progress {
      let lag = storage.lastIndex.rawValue - min(storage.lastIndex.rawValue, member.match.rawValue)
      page.sample("aion_raft_member_lag", [("replica", "\(member.replica)")], lag)
    }
  }

  private mutating func addLog(_ status: ReplicaStatus, _ syncs: SyncHistogram) {
    let storage = status.storage
    page.single(
      "aion_log_writable", .gauge, "Whether the log takes writes.",
      storage.health == .writable ? 1 : 0)
    page.single(
      "aion_log_batches_total", .counter, "Batches that were synced.", storage.syncedBatches)
    page.single(
      "aion_log_entries_total", .counter, "Entries in them.", storage.syncedEntries)
    page.single(
      "aion_log_bytes_since_snapshot", .gauge, "Commands since the newest snapshot.",
      storage.sizeSinceSnapshot.bytes)
    if let disk = storage.disk {
      page.single(
        "aion_disk_used_bytes", .gauge, "What the data directory takes.", disk.used.bytes)
      page.single("aion_disk_free_bytes", .gauge, "What is left for it.", disk.free.bytes)
    }
    page.single(
      "aion_queue_writes", .gauge, "Writes that wait for the log.", storage.queuedWrites)
    page.single(
      "aion_snapshot_index", .gauge, "Up to where the newest snapshot reaches.",
      storage.snapshotIndex)
    page.single(
      "aion_snapshot_is_being_written", .gauge, "Whether a snapshot is being written.",
      storage.isWritingSnapshot ? 1 : 0)
    page.single(
      "aion_snapshots_installed_total", .counter, "Snapshots that came from a leader.",
      status.installedSnapshots)
    addSyncs(syncs)
  }

  private mutating func addSyncs(_ syncs: SyncHistogram) {
    let name = "aion_log_sync_seconds"
    let (counts, total) = syncs.contents
    page.family(name, .histogram, "What syncs of files took.")
    var sum: UInt64 = 0
    for (bound, count) in zip(SyncHistogram.bounds, counts) {
      sum += count
      page.sample(name + "_bucket", [("le", "\(bound.seconds)")], sum)
    }
    sum += counts.last ?? 0
    page.sample(name + "_bucket", [("le", "+Inf")], sum)
    page.sample(name + "_sum", [], total.seconds)
    page.sample(name + "_count", [], sum)
  }

  private mutating func add(_ meters: TransportMeters) {
    let totals: [(String, String, Meter)] = [
      ("connections_accepted", "Connections that were accepted.", meters.acceptedConnections),
      ("connections_excess", "Connections closed for want of room.", meters.excessConnections),
      ("handshakes_failed", "Callers with whom TLS failed.", meters.failedHandshakes),
      ("hellos_refused", "Callers that were not let in.", meters.refusedHellos),
      ("faults", "Connections cut for what came over them.", meters.faults),
      ("envelopes_sent", "Envelopes sent.", meters.sentEnvelopes),
      ("envelopes_dropped", "Envelopes that could not be sent.", meters.droppedEnvelopes),
      ("envelopes_received", "Envelopes received.", meters.receivedEnvelopes),
      ("envelope_bytes_sent", "Bytes in them.", meters.sentEnvelopeBytes),
      ("envelope_bytes_received", "Bytes in those that came.", meters.receivedEnvelopeBytes),
      ("requests", "Requests of clients.", meters.requests),
      ("requests_forbidden", "Requests beyond the client's role.", meters.forbiddenRequests),
    ]
    addCounters("aion_transport_", totals)
    page.single(
      "aion_transport_connections_open", .gauge, "Connections that are there.",
      meters.openConnections)
    addSessions(meters)
  }

  /// Of a replica with the others: it sends on connections that it makes itself.
  private mutating func addSessions(_ meters: TransportMeters) {
    let totals: [(String, String, Meter)] = [
      ("sessions_started", "Connections to other replicas begun.", meters.startedSessions),
      ("sessions_succeeded", "Those that came about.", meters.succeededSessions),
      ("sessions_failed", "Those that did not.", meters.failedSessions),
      ("reconnects", "Those that were not the first to their replica.", meters.reconnects),
    ]
    addCounters("aion_replica_", totals)
  }

  private mutating func addCounters(_ prefix: String, _ totals: [(String, String, Meter)]) {
    for (name, help, meter) in totals {
      page.single("\(prefix)\(name)_total", .counter, help, meter.value)
    }
  }

  private mutating func add(_ certificateEnd: WallTime) {
    page.single(
      "aion_tls_certificate_expiry_seconds", .gauge,
      "When the process's certificate ends, in Unix time.",
      certificateEnd.nanosecondsSince1970 / 1_000_000_000)
  }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
