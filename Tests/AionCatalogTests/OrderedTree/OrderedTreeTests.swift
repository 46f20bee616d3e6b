import AionCatalog
import AionModel
import Testing

@Suite("The ordered tree")
struct OrderedTreeTests {
  @Test("It behaves like a sorted array under random changes", arguments: 0..<20 as Range<UInt64>)
  func randomChanges(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var tree = OrderedTree<Int, Int>()
    var reference: [(key: Int, value: Int)] = []
    let keys = [50, 400, 5_000][Int(seed % 3)]
    for step in 0..<4_000 {
      // Grows for a while, then shrinks, so that nodes split and merge.
      let isGrowing = step % 2_000 < 1_200
      let key = Int.random(in: 0..<keys, using: &generator)
      let place = reference.partitionPoint { $0.key < key }
      let isThere = place < reference.count && reference[place].key == key
      if Int.random(in: 0..<10, using: &generator) < (isGrowing ? 8 : 2) {
        let old = tree.updateValue(step, forKey: key)
        #expect(old == (isThere ? reference[place].value : nil), "seed \(seed), step \(step)")
        if isThere { reference.remove(at: place) }
        reference.insert((key, step), at: place)
      } else {
        let old = tree.removeValue(forKey: key)
        #expect(old == (isThere ? reference[place].value : nil), "seed \(seed), step \(step)")
        if isThere { reference.remove(at: place) }
      }
      #expect(tree.count == reference.count, "seed \(seed), step \(step)")
      if step % 100 == 0 { expectEqual(tree, reference, "seed \(seed), step \(step)") }
    }
    expectEqual(tree, reference, "seed \(seed)")
  }

  private func expectEqual(
    _ tree: OrderedTree<Int, Int>, _ reference: [(key: Int, value: Int)], _ context: String
  ) {
    tree.checkInvariants()
    #expect(tree.elements.elementsEqual(reference, by: ==), "\(context)")
    let keys = Set(reference.map(\.key))
    for (rank, element) in reference.enumerated() {
      let next = element.key + 1
      let isRight =
        tree[element.key] == element.value && tree.rank(of: element.key) == rank
        && tree.rank(after: element.key) == rank + 1 && tree.element(at: rank) == element
        && tree.contains(next) == keys.contains(next)
      if !isRight { Issue.record("\(context): element \(element) at rank \(rank)") }
    }
    let middle = reference[reference.count / 3..<reference.count / 2]
    if let first = middle.first, let last = middle.last {
      let run = tree.elements(from: first.key, through: last.key)
      #expect(run.elementsEqual(middle, by: ==), "\(context)")
      #expect(run.count == middle.count, "\(context)")
      #expect(run[run.startIndex] == first, "\(context)")
    }
    #expect(tree.elements(from: 10, through: 9).isEmpty, "\(context)")
  }

  @Test(
    "Ranges are removed from the front, whatever lies around them", arguments: [40, 700, 5_000],
    0..<8 as Range<UInt64>)
  func removingRanges(keys: Int, seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var tree = OrderedTree<Int, Int>()
    for key in 0..<keys where Int.random(in: 0..<3, using: &generator) > 0 {
      tree.updateValue(-key, forKey: key)
    }
    var reference = tree.elements.map(\.key)
    while !reference.isEmpty {
      let lower = Int.random(in: -2...keys, using: &generator)
      let range = lower...Int.random(in: lower...(lower + keys / 4), using: &generator)
      var removed: [Int] = []
      while let (key, value) = tree.removeFirst(in: range) {
        #expect(value == -key)
        removed.append(key)
      }
      #expect(removed == reference.filter(range.contains), "seed \(seed), range \(range)")
      reference.removeAll(where: range.contains)
      tree.checkInvariants()
      #expect(tree.elements.map(\.key) == reference, "seed \(seed), range \(range)")
    }
    #expect(tree.removeFirst(in: 0...keys) == nil)
  }

  @Test("A copy does not see later changes of the other")
  func copies() {
    var tree = OrderedTree<Int, Int>()
    for key in 0..<1_000 { tree.updateValue(key, forKey: key) }
    let copy = tree
    for key in 0..<1_000 where key % 3 != 0 { tree.removeValue(forKey: key) }
    for key in 0..<1_000 where key % 3 == 0 { tree.updateValue(-key, forKey: key) }
    copy.checkInvariants()
    tree.checkInvariants()
    #expect(copy.elements.map(\.value) == Array(0..<1_000))
    #expect(tree.elements.map(\.value) == (0..<1_000).filter { $0 % 3 == 0 }.map { -$0 })
  }

  @Test(
    "A tree is built from sorted elements at every size around the widths of its nodes",
    arguments: Array(0...130) + [767, 768, 769, 24_575, 24_576, 24_577, 100_000])
  func building(count: Int) {
    var builder = OrderedTree<Int, Int>.Builder()
    for key in 0..<count { _ = builder.append(key * 2, key) }
    var tree = builder.finish()
    tree.checkInvariants()
    #expect(tree.count == count)
    #expect(tree.elements.map(\.value) == Array(0..<count))
    tree.updateValue(-1, forKey: count)
    tree.removeValue(forKey: 0)
    tree.checkInvariants()
  }

  @Test("A builder refuses a key that is not above the last one")
  func unsortedBuilding() {
    var builder = OrderedTree<Int, Int>.Builder()
    let accepted = [(1, 1), (1, 2), (0, 3), (2, 4)].map { builder.append($0, $1) }
    #expect(accepted == [true, false, false, true])
    #expect(builder.finish().elements.map(\.value) == [1, 4])
  }

  @Test("A tree of a million elements has five levels, so a lookup touches five nodes")
  func height() {
    var builder = OrderedTree<Int, Int>.Builder()
    for key in 0..<1_000_000 { _ = builder.append(key, key) }
    let tree = builder.finish()
    #expect(tree.height == 5)
    #expect(tree[777_777] == 777_777)
  }
}

extension [(key: Int, value: Int)] {
  fileprivate func partitionPoint(_ isBefore: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
