import AionModel

/// The nodes of a cluster as dense numbers, with what the planners ask of each.
///
/// Registered nodes come first, in the order of their ids, so a number means the same whatever the
/// order of the input; nodes that only placements name follow in the order in which they are met.
struct NodeTable {
  private(set) var ids: [NodeID] = []
  /// Live, or not registered: an unregistered node is given the benefit of the doubt.
  private(set) var isLive: [Bool] = []
  private(set) var isDraining: [Bool] = []
  private(set) var satisfiesRequired: [Bool] = []
  /// Position of the first lease preference that the node satisfies; their count when none.
  private(set) var leaseRank: [Int] = []
  private(set) var spread: SpreadTable
  /// The nodes below this number are registered.
  private(set) var registeredCount = 0
  let policy: ReplicaPlacementPolicy
  private var numbers: [NodeID: Int] = [:]

  init(_ nodes: [NodeDescriptor], policy: ReplicaPlacementPolicy) {
    self.policy = policy
    spread = SpreadTable(attributes: policy.spreadAttributes)
    // Of a node that is given twice the one that is worse off counts, in whatever order they come.
    let sorted = nodes.sorted { $0.id != $1.id ? $0.id < $1.id : $0.fitness < $1.fitness }
    numbers.reserveCapacity(sorted.count)
    for node in sorted where ids.last != node.id {
      append(node.id, isLive: node.isLive, isDraining: node.isDraining)
    }
    registeredCount = ids.count
  }

  var count: Int { ids.count }

  func number(of node: NodeID) -> Int? { numbers[node] }

  mutating func numberAddingUnregistered(_ node: NodeID) -> Int {
    if let known = numbers[node] { return known }
    append(node, isLive: true, isDraining: false)
    return count - 1
  }

  func isRegistered(_ node: Int) -> Bool { node < registeredCount }

  /// Whether a new voter, or a learner that is to become one, may be placed on the node.
  func isCandidate(_ node: Int) -> Bool {
    isRegistered(node) && isLive[node] && satisfiesRequired[node] && !isDraining[node]
  }

  private mutating func append(_ id: NodeID, isLive live: Bool, isDraining draining: Bool) {
    numbers[id] = ids.count
    ids.append(id)
    isLive.append(live)
    isDraining.append(draining)
    satisfiesRequired.append(policy.requiredAttributes.allSatisfy { policy.satisfies($0, on: id) })
    leaseRank.append(
      policy.leasePreferences.firstIndex { policy.satisfies($0, on: id) }
        ?? policy.leasePreferences.count)
    spread.append { policy.value(of: $0, on: id) }
  }
}

extension NodeDescriptor {
  fileprivate var fitness: Int { (isLive ? 2 : 0) + (isDraining ? 0 : 1) }
}
