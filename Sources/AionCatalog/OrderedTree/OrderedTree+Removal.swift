extension OrderedTree {
  /// Removes `key` and returns what was there.
  @discardableResult
  package mutating func removeValue(forKey key: Key) -> Value? {
    guard let removed = root.removeValue(forKey: key) else { return nil }
    if root.children.count == 1 { root = root.children[0].node }
    return removed
  }
}

extension OrderedTree.Node {
  mutating func removeValue(forKey key: Key) -> Value? {
    guard isLeaf else { return removeFromChild(key) }
    let index = lowerBound(of: key)
    guard index < entries.count, entries[index].key == key else { return nil }
    return entries.remove(at: index).value
  }

  private mutating func removeFromChild(_ key: Key) -> Value? {
    let index = childIndex(for: key)
    guard let removed = children[index].node.removeValue(forKey: key) else { return nil }
    children[index].count -= 1
    if children[index].node.isTooSmall { mergeChild(at: index) }
    return removed
  }

  private var isTooSmall: Bool {
    isLeaf ? entries.count < Self.minimumEntries : children.count < Self.minimumChildren
  }

  /// Joins a child that became too small with a neighbour, and halves the two when they are too
  /// many for one node.
  private mutating func mergeChild(at index: Int) {
    guard children.count > 1 else { return }
    let left = index > 0 ? index - 1 : index
    let right = children.remove(at: left + 1)
    children[left].count += right.count
    if let sibling = children[left].node.absorb(right.node) {
      children[left].count -= sibling.count
      children.insert(sibling, at: left + 1)
    }
  }

  /// Takes in all of a right neighbour; gives back a new one when that was too much.
  private mutating func absorb(_ right: OrderedTree.Node) -> OrderedTree.Child? {
    if isLeaf {
      entries.append(contentsOf: right.entries)
      return entries.count > Self.maximumEntries ? splitLeaf() : nil
    }
    children.append(contentsOf: right.children)
    return children.count > Self.maximumChildren ? splitInner() : nil
  }
}
