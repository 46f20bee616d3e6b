/// A whole group in a few numbers: the state of each replica, what is in flight, the ledger, and
/// what has been spent of the bounds.
struct World {
  var nodes: [UInt32]
  /// In ascending order; a copy stands beside its original.
  var messages: [UInt32] = []
  var ledger: UInt32 = 0
  var tally = Tally()

  mutating func remove(_ message: UInt32) {
    if let place = messages.firstIndex(of: message) { messages.remove(at: place) }
  }

  mutating func add(_ sent: [UInt32]) {
    for message in sent {
      var place = messages.count
      while place > 0, messages[place - 1] > message { place -= 1 }
      messages.insert(message, at: place)
    }
  }
}

/// Worlds that wait to be explored, in order, as numbers in one row.
struct Frontier {
  private var row: [UInt32] = []
  private var place = 0
  private(set) var count = 0

  var bytes: Int { row.capacity * MemoryLayout<UInt32>.stride }

  mutating func append(_ world: World) {
    row.append(contentsOf: world.nodes)
    row.append(world.ledger)
    row.append(UInt32(truncatingIfNeeded: world.tally.packed))
    row.append(UInt32(truncatingIfNeeded: world.tally.packed >> 32))
    row.append(UInt32(world.messages.count))
    row.append(contentsOf: world.messages)
    count += 1
  }

  /// The next world, into one that is there already; tells whether there was one.
  mutating func next(into world: inout World) -> Bool {
    guard place < row.count else { return false }
    for node in world.nodes.indices { world.nodes[node] = take() }
    world.ledger = take()
    let low = UInt64(take())
    world.tally = Tally(packed: UInt64(take()) << 32 | low)
    let count = Int(take())
    world.messages.removeAll(keepingCapacity: true)
    world.messages.append(contentsOf: row[place..<place + count])
    place += count
    self.count -= 1
    return true
  }

  private mutating func take() -> UInt32 {
    defer { place += 1 }
    return row[place]
  }
}
