extension OrderedTree {
  /// Removes `key` and returns what was there.
  @discardableResult
  package mutating func removeValue(forKey key: Key) -> Value? {
    guard let removed = root.removeValue(forKey: key) else { return nil }
    if root.children.count == 1 { root = root.children[0].node }
    return removed
  }

  /// Removes the least key of a range, both ends included; nil when there is none.
  ///
  /// Whoever removes a whole range repeats this, and holds nothing meanwhile that would make the
  /// tree copy what it changes.
  package mutating func removeFirst(in range: ClosedRange<Key>) -> Element? {
    guard let removed = root.removeFirst(in: range) else { return nil }
    if root.children.count == 1 { root = root.children[0].node }
    return removed
  }
}

extension OrderedTree.Node {
  fileprivate mutating func removeFirst(in range: ClosedRange<Key>) -> OrderedTree.Element? {
    guard !isLeaf else {
      let index = lowerBound(of: range.lowerBound)
      guard index < entries.count, entries[index].key <= range.upperBound else { return nil }
      let removed = entries.remove(at: index)
      return (removed.key, removed.value)
    }
    var index = childIndex(for: range.lowerBound)
    while index < children.count, index == 0 || children[index].lowest <= range.upperBound {
      if let removed = children[index].node.removeFirst(in: range) {
        noteRemoval(fromChild: index)
        return removed
      }
      index += 1
    }
    return nil
  }

  mutating func removeValue(forKey key: Key) -> Value? {
    guard isLeaf else { return removeFromChild(key) }
    let index = lowerBound(of: key)
    guard index < entries.count, entries[index].key == key else { return nil }
    return entries.remove(at: index).value
  }

  private mutating func removeFromChild(_ key: Key) -> Value? {
    let index = childIndex(for: key)
    guard let removed = children[index].node.removeValue(forKey: key) else { return nil }
    noteRemoval(fromChild: index)
    return removed
  }

  private mutating func noteRemoval(fromChild index: Int) {
    children[index].count -= 1
    if children[index].node.isTooSmall { mergeChild(at: index) }
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
