public import AionModel

/// What one node is to do for a query. What `body` means is the engine's affair.
public struct FragmentPlan: Hashable, Sendable {
  /// Names the fragment in errors, say `scan orders`; of a longer one the first 120 characters.
  public let label: String
  /// The shard that it works on; nil: those of its transaction's scope.
  public var shard: ShardKey?
  /// The timestamp at which it reads, when it reads at one.
  public var snapshot: SnapshotTimestamp?
  public var body: [UInt8]

  public init(
    _ label: String, on shard: ShardKey? = nil, at snapshot: SnapshotTimestamp? = nil,
    body: [UInt8]
  ) {
    self.label = String(label.prefix(Self.labelLimit))
    self.shard = shard
    self.snapshot = snapshot
    self.body = body
  }

  private static var labelLimit: Int { 120 }
}

/// Names a fragment among all that nodes execute.
public struct FragmentName: Hashable, Sendable, CustomStringConvertible {
  public var query: QueryID
  public var fragment: FragmentID

  public init(query: QueryID, fragment: FragmentID) {
    self.query = query
    self.fragment = fragment
  }

  public var description: String { "fragment \(fragment) of query \(query)" }
}

extension FragmentRuntimeOptions {
  /// The fragment's name.
  public var name: FragmentName { FragmentName(query: queryID, fragment: fragmentID) }
}
