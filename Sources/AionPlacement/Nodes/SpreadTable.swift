import AionModel

/// Which value each node has of each spread attribute, as dense numbers ("slots") that are unique
/// over all attributes.
///
/// Nodes without the attribute share one value: nobody knows that they stand apart.
struct SpreadTable {
  /// At most `PlacementLimits.spreadAttributes` of them, the most important first.
  let attributes: [String]
  private(set) var slotCount = 0
  /// Node-major: the slot of node `n` for attribute `a` is at `n * attributes.count + a`.
  private var slots: [Int32] = []
  private var known: [[String?: Int32]]

  init(attributes: [String]) {
    self.attributes = Array(attributes.prefix(PlacementLimits.spreadAttributes))
    known = Array(repeating: [:], count: self.attributes.count)
  }

  mutating func append(valueOf: (String) -> String?) {
    for (level, attribute) in attributes.enumerated() {
      let value = valueOf(attribute)
      if let slot = known[level][value] {
        slots.append(slot)
      } else {
        known[level][value] = Int32(slotCount)
        slots.append(Int32(slotCount))
        slotCount += 1
      }
    }
  }

  @inline(__always)
  func slot(of node: Int, at level: Int) -> Int { Int(slots[node * attributes.count + level]) }
}
