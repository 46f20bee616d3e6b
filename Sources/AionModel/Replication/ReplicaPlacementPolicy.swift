/// `key=value`: an attribute that a node must have, or is preferred for.
public struct NodeAttributeConstraint: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var key: String
  public var value: String

  public init(key: String, value: String) {
    self.key = key
    self.value = value
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.key, left.value) < (right.key, right.value)
  }

  public var description: String { "\(key)=\(value)" }
}

/// Where replicas may live and where they should.
public struct ReplicaPlacementPolicy: Hashable, Sendable {
  /// Voters of a shard in all, the leader included.
  public var replicationFactor: Int
  /// What is known of each node: `region`, `zone`, `disk`, …
  public var nodeAttributes: [NodeID: [NodeAttributeConstraint]]
  /// A voter is placed only on a node that has all of these.
  public var requiredAttributes: [NodeAttributeConstraint]
  /// Leaders go to nodes that have the first of these, else the second, and so on.
  public var leasePreferences: [NodeAttributeConstraint]
  /// Keys, the most important first: voters of one shard stand on different values of them as far
  /// as there are alternatives.
  public var spreadAttributes: [String]

  public init(
    replicationFactor: Int = 3, nodeAttributes: [NodeID: [NodeAttributeConstraint]] = [:],
    requiredAttributes: [NodeAttributeConstraint] = [],
    leasePreferences: [NodeAttributeConstraint] = [], spreadAttributes: [String] = []
  ) {
    self.replicationFactor = replicationFactor
    self.nodeAttributes = nodeAttributes
    self.requiredAttributes = requiredAttributes
    self.leasePreferences = leasePreferences
    self.spreadAttributes = spreadAttributes
  }

  /// The value of `key` on `node`, or nil.
  public func value(of key: String, on node: NodeID) -> String? {
    nodeAttributes[node]?.first { $0.key == key }?.value
  }

  /// Whether `node` has the attribute with that value.
  public func satisfies(_ constraint: NodeAttributeConstraint, on node: NodeID) -> Bool {
    nodeAttributes[node]?.contains(constraint) ?? false
  }
}
