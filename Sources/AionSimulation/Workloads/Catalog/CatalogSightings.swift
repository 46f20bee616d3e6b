import AionCatalog
import AionModel

/// What clients have seen of the catalog, against which later sightings are held: ids are given
/// once, an epoch has one leader, and what exists at a version is the same whoever looks.
struct CatalogSightings {
  private struct Look: Hashable {
    var query: CatalogQuery
    var catalog: CatalogVersion
    /// Where things run is another version's; databases and roles have none of it.
    var placement: PlacementEpoch?
  }

  private struct Lease: Hashable {
    var shard: ShardKey
    var epoch: PlacementEpoch
  }

  /// What was answered; only what is one thing has an answer that can be compared.
  private enum Sight: Hashable {
    case database(DatabaseDescriptor?)
    case role(ClusterRoleDescriptor?)
    case node(NodeDescriptor?)
    case shards([ShardDescriptor])
  }

  private var sights: [Look: Sight] = [:]
  private var leaders: [Lease: NodeID] = [:]
  private var created: [DatabaseID: LogIndex] = [:]
  /// Where in the log a registration was seen last, and first.
  private var registrations: [NodeID: [PlacementEpoch: (first: LogIndex, last: LogIndex)]] = [:]

  /// A batch was applied.
  mutating func note(_ applied: Applied) -> Complaint? {
    for case .created(let database) in applied.outcomes {
      if let before = created.updateValue(applied.index, forKey: database.id),
        before != applied.index
      {
        return Complaint(
          .stateInvariant, "database \(database.id) was created at \(before) and \(applied.index)")
      }
    }
    return nil
  }

  /// A query was answered.
  mutating func note(_ query: CatalogQuery, _ answer: CatalogAnswer) -> Complaint? {
    var look = Look(query: query, catalog: answer.versions.catalog)
    let sight: Sight
    switch answer.value {
    case .database(let database): sight = .database(database)
    case .role(let role): sight = .role(role)
    case .node(let node): sight = .node(node)
    case .shards(let shards): sight = .shards(shards)
    case .transaction, .everything: return nil
    }
    switch sight {
    case .database, .role: break
    case .node, .shards: look.placement = answer.versions.placement
    }
    if let before = sights.updateValue(sight, forKey: look), before != sight {
      return Complaint(
        .stateInvariant, "\(query) was \(before) and is \(sight), both with \(answer.versions)")
    }
    if case .node(let node?) = answer.value, let registration = node.registration {
      return note(registration, of: node.id, at: answer.versions.index)
    }
    guard case .shards(let shards) = answer.value else { return nil }
    for shard in shards {
      for leader in shard.placements where leader.role == .leader {
        if let complaint = note(leader: leader, of: shard.key) { return complaint }
      }
    }
    return nil
  }

  /// Of two registrations the later one was given later, and is not followed by the earlier one.
  private mutating func note(
    _ registration: NodeRegistration, of node: NodeID, at index: LogIndex
  ) -> Complaint? {
    let epoch = registration.epoch
    var all = registrations[node, default: [:]]
    let span = all[epoch] ?? (index, index)
    all[epoch] = (min(span.first, index), max(span.last, index))
    registrations[node] = all
    let other = all.first { other, span in
      other > epoch && span.first < index || other < epoch && span.last > index
    }
    guard let other else { return nil }
    return Complaint(
      .stateInvariant,
      "node \(node) has registration \(epoch) at \(index), and \(other.key) from "
        + "\(other.value.first) to \(other.value.last)")
  }

  private mutating func note(leader: ShardPlacement, of key: ShardKey) -> Complaint? {
    let lease = Lease(shard: key, epoch: leader.leaseEpoch)
    guard let other = leaders.updateValue(leader.node, forKey: lease), other != leader.node else {
      return nil
    }
    return Complaint(
      .stateInvariant,
      "shard \(key) is led by \(other) and by \(leader.node) with lease \(leader.leaseEpoch)")
  }
}
