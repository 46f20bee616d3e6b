extension OrderedTree {
  /// The number of levels, 1 for a lone leaf.
  package var height: Int {
    var height = 1
    var node = root
    while !node.isLeaf {
      node = node.children[0].node
      height += 1
    }
    return height
  }

  /// Stops the process when the tree is not what it must be; O(n), for tests.
  package func checkInvariants() {
    _ = root.check(isRoot: true, height: height)
    var previous: Key?
    for (key, _) in elements {
      if let previous { precondition(previous < key, "\(previous) is not below \(key)") }
      previous = key
    }
  }
}

extension OrderedTree.Node {
  /// Returns the number of elements that are really there.
  fileprivate func check(isRoot: Bool, height: Int) -> Int {
    precondition(entries.isEmpty || children.isEmpty, "a node with both entries and children")
    guard !isLeaf else {
      precondition(height == 1, "a leaf \(height - 1) levels above the others")
      precondition(isRoot || entries.count >= Self.minimumEntries, "leaf of \(entries.count)")
      precondition(entries.count <= Self.maximumEntries, "leaf of \(entries.count)")
      return entries.count
    }
    precondition(
      children.count >= (isRoot ? 2 : Self.minimumChildren), "\(children.count) children")
    precondition(children.count <= Self.maximumChildren, "\(children.count) children")
    var total = 0
    for (index, child) in children.enumerated() {
      let count = child.node.check(isRoot: false, height: height - 1)
      precondition(child.count == count, "says \(child.count) elements, has \(count)")
      precondition(child.node.lowestKey >= child.lowest, "a key below \(child.lowest)")
      if index + 1 < children.count {
        let next = children[index + 1].lowest
        precondition(child.node.highestKey < next, "a key that is not below \(next)")
      }
      total += count
    }
    return total
  }

  private var lowestKey: Key {
    isLeaf ? entries[0].key : children[0].node.lowestKey
  }

  private var highestKey: Key {
    isLeaf ? entries[entries.count - 1].key : children[children.count - 1].node.highestKey
  }
}
