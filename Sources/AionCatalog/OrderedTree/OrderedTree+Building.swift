extension OrderedTree {
  /// The elements whose keys are to stay, in a tree of their own, in O(n).
  package func filter(_ isIncluded: (Key) -> Bool) -> OrderedTree {
    var builder = Builder()
    for (key, value) in elements where isIncluded(key) { _ = builder.append(key, value) }
    return builder.finish()
  }

  /// A tree of elements whose keys arrive in ascending order without repeats, in O(n).
  ///
  ///     var builder = OrderedTree<Key, Value>.Builder()
  ///     guard builder.append(key, value) else { … }   // not above the last one
  ///     let tree = builder.finish()
  package struct Builder: Sendable {
    private var leaves: [Child] = []
    private var entries: [Entry] = []
    private var last: Key?

    package init() {}

    /// False, and nothing happens, when `key` is not above every key before it.
    package mutating func append(_ key: Key, _ value: Value) -> Bool {
      if let last, !(last < key) { return false }
      if entries.count == Self.fill { closeLeaf() }
      entries.append(Entry(key: key, value: value))
      last = key
      return true
    }

    package mutating func finish() -> OrderedTree {
      var tree = OrderedTree()
      guard !entries.isEmpty else { return tree }
      closeLeaf()
      balanceTail(of: &leaves)
      var level = leaves
      while level.count > 1 { level = Self.parents(of: level) }
      tree.root = level[0].node
      self = Builder()
      return tree
    }

    /// Three quarters: what comes later finds room before it has to split.
    private static var fill: Int { Node.maximumEntries * 3 / 4 }
    private static var fanOut: Int { Node.maximumChildren * 3 / 4 }

    private mutating func closeLeaf() {
      leaves.append(Child(node: Node(entries: entries)))
      entries = []
      entries.reserveCapacity(Self.fill)
    }

    private func balanceTail(of leaves: inout [Child]) {
      guard let short = leaves.last, leaves.count > 1, short.count < Node.minimumEntries
      else { return }
      leaves.removeLast()
      let joined = leaves.removeLast().node.entries + short.node.entries
      if joined.count <= Node.maximumEntries {
        leaves.append(Child(node: Node(entries: joined)))
      } else {
        let middle = joined.count / 2
        leaves.append(Child(node: Node(entries: Array(joined[..<middle]))))
        leaves.append(Child(node: Node(entries: Array(joined[middle...]))))
      }
    }

    /// Children shared out evenly, so that none of their parents is too small.
    private static func parents(of level: [Child]) -> [Child] {
      let groups = (level.count + fanOut - 1) / fanOut
      return (0..<groups).map { group in
        let start = level.count * group / groups
        let end = level.count * (group + 1) / groups
        return Child(node: Node(children: Array(level[start..<end])))
      }
    }
  }
}
