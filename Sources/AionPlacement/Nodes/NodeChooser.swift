/// Finds the node that shares the fewest spread values with the replicas already placed, and of
/// those the least loaded, in about O(log N).
///
/// A binary tree over the candidates in which nodes with the same value of the first attribute form
/// a subtree, those with the same value of the second a subtree of that, and so on. Each subtree
/// knows its least load, so a search cuts off what cannot win.
struct NodeChooser {
  /// How many replicas share the values: eight bits an attribute, the most important on top.
  typealias Conflicts = UInt64

  struct Choice: Equatable {
    var node: Int
    var conflicts: Conflicts
  }

  /// A leaf has `second == -1` and its node's number in `first`.
  struct Branch {
    var least: UInt64
    var first: Int32
    var second: Int32
    var parent: Int32
    /// The spread value that the whole subtree has, -1 when it adds none.
    var slot: Int32
    var shift: UInt64
  }

  static let absent = UInt64.max

  let spread: SpreadTable
  var branches: [Branch] = []
  /// By node; -1 when it is no candidate.
  var leaves: [Int32]
  /// By slot: replicas of the shard at hand that have the value.
  private var taken: [UInt8]

  /// - Parameter candidates: Ascending.
  init(_ candidates: [Int], of nodeCount: Int, spread: SpreadTable) {
    self.spread = spread
    leaves = Array(repeating: -1, count: nodeCount)
    taken = Array(repeating: 0, count: spread.slotCount)
    build(candidates)
  }

  /// Counts the node's spread values as taken by a replica of the shard at hand.
  mutating func occupy(_ node: Int) {
    for level in spread.attributes.indices { taken[spread.slot(of: node, at: level)] &+= 1 }
  }

  mutating func vacate(_ node: Int) {
    for level in spread.attributes.indices { taken[spread.slot(of: node, at: level)] &-= 1 }
  }

  /// Offers the node with this many replicas; does nothing for a node that is no candidate.
  mutating func offer(_ node: Int, load: Int) {
    write(Self.key(of: node, load: load), at: leaves[node])
  }

  mutating func withdraw(_ node: Int) { write(Self.absent, at: leaves[node]) }

  func isOffered(_ node: Int) -> Bool {
    leaves[node] >= 0 && branches[Int(leaves[node])].least != Self.absent
  }

  /// Of the nodes on offer; nil when there is none.
  var leastLoad: Int? {
    guard let root = branches.last, root.least != Self.absent else { return nil }
    return Int(root.least >> 32)
  }

  /// nil when no candidate is offered.
  func choose() -> Choice? {
    guard let root = branches.last, root.least != Self.absent else { return nil }
    var found = Found(conflicts: .max, least: .max, node: -1)
    branches.withUnsafeBufferPointer { branches in
      taken.withUnsafeBufferPointer { taken in
        Self.search(branches, taken, at: branches.count - 1, sharing: 0, into: &found)
      }
    }
    return Choice(node: found.node, conflicts: found.conflicts)
  }

  func conflicts(of node: Int) -> Conflicts {
    spread.attributes.indices.reduce(0) { conflicts, level in
      conflicts + UInt64(taken[spread.slot(of: node, at: level)]) << Self.shift(of: level)
    }
  }

  private struct Found {
    var conflicts: Conflicts
    var least: UInt64
    var node: Int
  }

  private static func search(
    _ branches: UnsafeBufferPointer<Branch>, _ taken: UnsafeBufferPointer<UInt8>, at index: Int,
    sharing inherited: Conflicts, into found: inout Found
  ) {
    let branch = branches[index]
    var conflicts = inherited
    if branch.slot >= 0 { conflicts += UInt64(taken[Int(branch.slot)]) << branch.shift }
    guard branch.least != absent, (conflicts, branch.least) < (found.conflicts, found.least) else {
      return
    }
    guard branch.second >= 0 else {
      found = Found(conflicts: conflicts, least: branch.least, node: Int(branch.first))
      return
    }
    let (first, second) = (Int(branch.first), Int(branch.second))
    let firstLeads = branches[first].least <= branches[second].least
    search(branches, taken, at: firstLeads ? first : second, sharing: conflicts, into: &found)
    search(branches, taken, at: firstLeads ? second : first, sharing: conflicts, into: &found)
  }

  private mutating func write(_ least: UInt64, at leaf: Int32) {
    guard leaf >= 0 else { return }
    branches[Int(leaf)].least = least
    var index = branches[Int(leaf)].parent
    while index >= 0 {
      let branch = branches[Int(index)]
      let least = min(branches[Int(branch.first)].least, branches[Int(branch.second)].least)
      guard least != branch.least else { return }
      branches[Int(index)].least = least
      index = branch.parent
    }
  }

  static func shift(of level: Int) -> UInt64 { UInt64(56 - 8 * level) }

  /// Equal loads are ordered anew at every load, so that the partners of a node vary from shard to
  /// shard: when it fails, its work goes to many nodes and not to the same two.
  static func key(of node: Int, load: Int) -> UInt64 {
    var mixed = UInt64(truncatingIfNeeded: node) &* 0x9E37_79B9_7F4A_7C15
    mixed ^= UInt64(truncatingIfNeeded: load) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 29)) &* 0x94D0_49BB_1331_11EB
    return UInt64(UInt32(clamping: load)) << 32 | (mixed >> 32)
  }
}
