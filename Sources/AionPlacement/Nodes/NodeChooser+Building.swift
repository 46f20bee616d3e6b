extension NodeChooser {
  /// Children come before their parents, so the root is the last branch.
  mutating func build(_ candidates: [Int]) {
    guard !candidates.isEmpty else { return }
    branches.reserveCapacity(2 * candidates.count)
    _ = tree(of: candidates, splitBy: 0)
  }

  private mutating func tree(of nodes: [Int], splitBy level: Int) -> Int32 {
    guard level < spread.attributes.count else {
      return balanced(nodes.map { leaf($0) })
    }
    let groups = grouped(nodes, by: level)
    let subtrees = groups.map { group in
      let subtree = tree(of: group, splitBy: level + 1)
      return marked(subtree, slot: spread.slot(of: group[0], at: level), level: level)
    }
    return balanced(subtrees)
  }

  /// In the order in which the values are met.
  private func grouped(_ nodes: [Int], by level: Int) -> [[Int]] {
    var position: [Int: Int] = [:]
    var groups: [[Int]] = []
    for node in nodes {
      let slot = spread.slot(of: node, at: level)
      if let known = position[slot] {
        groups[known].append(node)
      } else {
        position[slot] = groups.count
        groups.append([node])
      }
    }
    return groups
  }

  private mutating func leaf(_ node: Int) -> Int32 {
    leaves[node] = Int32(branches.count)
    return append(
      Branch(
        least: Self.absent, first: Int32(node), second: -1, parent: -1, slot: -1, shift: 0))
  }

  /// A subtree that has a value already gets one more root for the value above.
  private mutating func marked(_ subtree: Int32, slot: Int, level: Int) -> Int32 {
    var root = subtree
    if branches[Int(subtree)].slot >= 0 { root = joined(subtree, subtree) }
    branches[Int(root)].slot = Int32(slot)
    branches[Int(root)].shift = Self.shift(of: level)
    return root
  }

  private mutating func balanced(_ subtrees: [Int32]) -> Int32 {
    var row = subtrees
    while row.count > 1 {
      var next: [Int32] = []
      for index in stride(from: 0, to: row.count - 1, by: 2) {
        next.append(joined(row[index], row[index + 1]))
      }
      if !row.count.isMultiple(of: 2) { next.append(row[row.count - 1]) }
      row = next
    }
    return row[0]
  }

  private mutating func joined(_ first: Int32, _ second: Int32) -> Int32 {
    let parent = append(
      Branch(least: Self.absent, first: first, second: second, parent: -1, slot: -1, shift: 0))
    branches[Int(first)].parent = parent
    branches[Int(second)].parent = parent
    return parent
  }

  private mutating func append(_ branch: Branch) -> Int32 {
    branches.append(branch)
    return Int32(branches.count - 1)
  }
}
