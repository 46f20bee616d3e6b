extension OrderedTree {
  /// The number of keys less than `key`.
  package func rank(of key: Key) -> Int {
    root.rank { $0 < key }
  }

  /// The number of keys less than or equal to `key`.
  package func rank(after key: Key) -> Int {
    root.rank { !(key < $0) }
  }

  /// The element with exactly `rank` smaller keys.
  ///
  /// - Precondition: `0 <= rank < count`.
  package func element(at rank: Int) -> Element {
    precondition(rank >= 0 && rank < count, "rank \(rank) is outside 0..<\(count)")
    let (leaf, offset) = root.leaf(at: rank)
    return (leaf[offset].key, leaf[offset].value)
  }

  package var first: Element? { isEmpty ? nil : element(at: 0) }
  package var last: Element? { isEmpty ? nil : element(at: count - 1) }

  /// The elements whose keys lie between the two, both included.
  package func elements(from lower: Key, through upper: Key) -> Elements {
    let start = rank(of: lower)
    return Elements(tree: self, ranks: start..<max(start, rank(after: upper)))
  }

  /// The elements that have at least `rank` smaller keys.
  package func elements(fromRank rank: Int) -> Elements {
    Elements(tree: self, ranks: min(rank, count)..<count)
  }

  package var elements: Elements { Elements(tree: self, ranks: 0..<count) }
}

extension OrderedTree.Node {
  /// The number of keys for which `isBelow` holds; it holds for a prefix of them.
  fileprivate func rank(_ isBelow: (Key) -> Bool) -> Int {
    guard isLeaf else {
      return children.withUnsafeBufferPointer { children in
        var index = 0
        var rank = 0
        while index + 1 < children.count, isBelow(children[index + 1].lowest) {
          rank += children[index].count
          index += 1
        }
        return rank + children[index].node.rank(isBelow)
      }
    }
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if isBelow(entries[middle].key) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The leaf that holds the element of this rank, and its place there.
  fileprivate func leaf(at rank: Int) -> (entries: [OrderedTree.Entry], offset: Int) {
    guard !isLeaf else { return (entries, rank) }
    return children.withUnsafeBufferPointer { children in
      var index = 0
      var rest = rank
      while rest >= children[index].count {
        rest -= children[index].count
        index += 1
      }
      return children[index].node.leaf(at: rest)
    }
  }
}

extension OrderedTree {
  /// A run of a tree's elements in the order of their keys; its indices are ranks in the tree.
  package struct Elements: RandomAccessCollection, Sendable {
    package let tree: OrderedTree
    let ranks: Range<Int>

    package var startIndex: Int { ranks.lowerBound }
    package var endIndex: Int { ranks.upperBound }

    package subscript(rank: Int) -> Element { tree.element(at: rank) }

    package func makeIterator() -> Iterator { Iterator(tree: tree, ranks: ranks) }
  }

  /// Goes from leaf to leaf by rank, so that it holds no path.
  package struct Iterator: IteratorProtocol {
    private let tree: OrderedTree
    private var rest: Range<Int>
    private var entries: [Entry] = []
    private var offset = 0

    init(tree: OrderedTree, ranks: Range<Int>) {
      self.tree = tree
      rest = ranks
    }

    package mutating func next() -> Element? {
      guard !rest.isEmpty else { return nil }
      if offset == entries.count { (entries, offset) = tree.root.leaf(at: rest.lowerBound) }
      let entry = entries[offset]
      offset += 1
      rest = (rest.lowerBound + 1)..<rest.upperBound
      return (entry.key, entry.value)
    }
  }
}
