/// A sorted map as a value: a B+ tree whose copies share every node that neither has changed.
///
/// Copying costs a reference count. A change to a tree that shares nothing happens in place; a
/// change to one that shares copies the nodes on one path. Every subtree knows its size, so the
/// k-th element and the rank of a key are found as fast as a key is.
/// Why there is one: Docs/Decisions/0002-one-ordered-tree.md.
///
/// `n` is the number of elements: lookup, insertion, removal, rank and selection are O(log n).
package struct OrderedTree<Key: Comparable & Sendable, Value: Sendable>: Sendable {
  package typealias Element = (key: Key, value: Value)

  var root = Node()

  package init() {}

  package var count: Int { root.count }
  package var isEmpty: Bool { root.count == 0 }

  package subscript(key: Key) -> Value? { root.value(for: key) }

  package func contains(_ key: Key) -> Bool { root.value(for: key) != nil }
}

extension OrderedTree {
  /// A leaf holds entries and no children, an inner node children and no entries.
  ///
  /// Nodes live in arrays, so that sharing, copying before a change and `Sendable` are the
  /// array's, and none of them is written here.
  struct Node: Sendable {
    var entries: [Entry] = []
    var children: [Child] = []

    /// Wider nodes make reads and lone writes cheaper, and dearer the writes under a snapshot.
    static var maximumEntries: Int { 32 }
    static var minimumEntries: Int { maximumEntries / 4 }
    static var maximumChildren: Int { 32 }
    static var minimumChildren: Int { maximumChildren / 4 }
  }

  struct Entry: Sendable {
    var key: Key
    var value: Value
  }

  struct Child: Sendable {
    /// No key below this one is in this child or in any after it; a removal may leave it lower
    /// than the lowest key that is still there.
    var lowest: Key
    var count: Int
    var node: Node
  }
}

extension OrderedTree.Node {
  var isLeaf: Bool { children.isEmpty }

  var count: Int {
    isLeaf ? entries.count : children.reduce(0) { $0 + $1.count }
  }

  func value(for key: Key) -> Value? {
    guard isLeaf else {
      // Borrowed in place: a copy of the child would cost two reference counts a level.
      return children.withUnsafeBufferPointer { $0[childIndex(for: key)].node.value(for: key) }
    }
    let index = lowerBound(of: key)
    guard index < entries.count, entries[index].key == key else { return nil }
    return entries[index].value
  }

  /// The number of entries of this leaf whose key is less than `key`.
  func lowerBound(of key: Key) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The only child that can hold `key`.
  func childIndex(for key: Key) -> Int {
    var low = 1
    var high = children.count
    while low < high {
      let middle = (low + high) / 2
      if key < children[middle].lowest { high = middle } else { low = middle + 1 }
    }
    return low - 1
  }
}
