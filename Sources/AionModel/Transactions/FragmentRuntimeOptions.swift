/// What a query fragment carries to the node that executes it.
public struct FragmentRuntimeOptions: Hashable, Sendable {
  public var queryID: QueryID
  public var fragmentID: FragmentID
  /// The catalog that the fragment was planned with; a node that knows a newer one may refuse. Both
  /// are of one snapshot, or were read before what the plan was made from.
  public var catalogVersion: CatalogVersion
  public var placementEpoch: PlacementEpoch
  public var txnScope: TxnScope
  /// nil: as long as it takes.
  public var timeout: Duration?

  public init(
    queryID: QueryID, fragmentID: FragmentID, catalogVersion: CatalogVersion,
    placementEpoch: PlacementEpoch, txnScope: TxnScope = .local, timeout: Duration? = nil
  ) {
    self.queryID = queryID
    self.fragmentID = fragmentID
    self.catalogVersion = catalogVersion
    self.placementEpoch = placementEpoch
    self.txnScope = txnScope
    self.timeout = timeout
  }
}
