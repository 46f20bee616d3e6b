extension OrderedTree {
  /// Puts `value` under `key` and returns what was there before.
  @discardableResult
  package mutating func updateValue(_ value: Value, forKey key: Key) -> Value? {
    var replaced: Value?
    if let sibling = root.update(value, forKey: key, replaced: &replaced) {
      root = Node(joining: Child(node: root), sibling)
    }
    return replaced
  }
}

extension OrderedTree.Node {
  /// The right half of this node when it had to be split, for the parent to take in.
  mutating func update(
    _ value: Value, forKey key: Key, replaced: inout Value?
  ) -> OrderedTree.Child? {
    guard isLeaf else { return updateChild(value, forKey: key, replaced: &replaced) }
    let index = lowerBound(of: key)
    if index < entries.count, entries[index].key == key {
      replaced = entries[index].value
      entries[index].value = value
      return nil
    }
    entries.insert(OrderedTree.Entry(key: key, value: value), at: index)
    return entries.count > Self.maximumEntries ? splitLeaf() : nil
  }

  private mutating func updateChild(
    _ value: Value, forKey key: Key, replaced: inout Value?
  ) -> OrderedTree.Child? {
    let index = childIndex(for: key)
    let sibling = children[index].node.update(value, forKey: key, replaced: &replaced)
    if key < children[index].lowest { children[index].lowest = key }
    if let sibling {
      children[index].count += 1 - sibling.count
      children.insert(sibling, at: index + 1)
      return children.count > Self.maximumChildren ? splitInner() : nil
    }
    if replaced == nil { children[index].count += 1 }
    return nil
  }

  mutating func splitLeaf() -> OrderedTree.Child {
    let middle = entries.count / 2
    let right = OrderedTree.Node(entries: Array(entries[middle...]))
    entries.removeSubrange(middle...)
    return OrderedTree.Child(node: right)
  }

  mutating func splitInner() -> OrderedTree.Child {
    let middle = children.count / 2
    let right = OrderedTree.Node(children: Array(children[middle...]))
    children.removeSubrange(middle...)
    return OrderedTree.Child(node: right)
  }

  init(joining left: OrderedTree.Child, _ right: OrderedTree.Child) {
    self.init(children: [left, right])
  }
}

extension OrderedTree.Child {
  /// Wraps a node that is not empty.
  init(node: OrderedTree.Node) {
    let lowest = node.isLeaf ? node.entries[0].key : node.children[0].lowest
    self.init(lowest: lowest, count: node.count, node: node)
  }
}
