package import AionCatalog
package import AionModel

// Whether a plan still holds: Docs/Decisions/0024-fragments.md.

extension ClusterSnapshot {
  /// Checks a fragment against what a node knows, which is not older than the plan.
  ///
  /// A plan is outdated when what it names has changed since: its shards, or which shards their
  /// tables have. What else has changed in the catalog does not matter to it. One that names
  /// nothing is outdated when anything has changed.
  ///
  /// - Throws: `fragmentOutsideScope`, `fragmentOutOfStep`, `unknownShard`, `notAReplica`.
  package func check(
    _ plan: FragmentPlan, _ options: FragmentRuntimeOptions, on node: NodeID
  ) throws(ClusterError) {
    try options.txnScope.validateFragment(
      label: plan.label, shard: plan.shard, snapshot: plan.snapshot)
    let named = plan.shard.map { [$0] } ?? options.txnScope.shards
    if named.isEmpty { try checkNothingChanged(since: options, plan.label) }
    for key in named { try check(key, since: options, plan.label) }
    // A fragment of several shards may do something else than read them, say merge what others
    // read; one of a single shard has no business where that shard is not.
    if named.count == 1, let key = named.first, shard(key)?.placement(on: node) == nil {
      throw .notAReplica(key, node)
    }
  }

  private func checkNothingChanged(
    since options: FragmentRuntimeOptions, _ label: String
  ) throws(ClusterError) {
    guard options.catalogVersion >= catalogVersion else {
      throw .fragmentOutOfStep(
        label: label, .catalogVersion(expected: options.catalogVersion, current: catalogVersion))
    }
    guard options.placementEpoch >= placementEpoch else {
      throw .fragmentOutOfStep(
        label: label, .placementEpoch(expected: options.placementEpoch, current: placementEpoch))
    }
  }

  private func check(
    _ key: ShardKey, since options: FragmentRuntimeOptions, _ label: String
  ) throws(ClusterError) {
    let isCatalogNewer = catalogVersion > options.catalogVersion
    guard let shard = shard(key) else {
      guard isCatalogNewer else { throw .unknownShard(.key(key)) }
      throw .fragmentOutOfStep(
        label: label, .catalogVersion(expected: options.catalogVersion, current: catalogVersion))
    }
    // A shard's creation stamps its placements with the catalog's version. So may a later move: a
    // table that only moved while the catalog changed elsewhere is refused too.
    let planned = max(options.catalogVersion.index, options.placementEpoch.index)
    if isCatalogNewer, shards(of: key.table).contains(where: { $0.stamp.index > planned }) {
      throw .fragmentOutOfStep(
        label: label, .catalogVersion(expected: options.catalogVersion, current: catalogVersion))
    }
    guard shard.stamp <= options.placementEpoch else {
      throw .fragmentOutOfStep(
        label: label, .placementEpoch(expected: options.placementEpoch, current: shard.stamp))
    }
  }
}

extension ShardDescriptor {
  /// When one of its placements was written last.
  fileprivate var stamp: PlacementEpoch { placements.map(\.leaseEpoch).max() ?? .zero }
}
