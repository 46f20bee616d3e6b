/// Distinct numbers by open addressing: the fingerprints of all worlds seen.
struct FingerprintSet {
  private var slots: [UInt64]
  private(set) var count = 0

  init() { slots = Array(repeating: 0, count: 1 << 16) }

  var bytes: Int { slots.count * MemoryLayout<UInt64>.stride }

  /// Tells whether it is new.
  mutating func insert(_ fingerprint: UInt64) -> Bool {
    let value = fingerprint == 0 ? 1 : fingerprint
    if count * 10 >= slots.count * 7 { grow() }
    guard FingerprintSet.place(value, in: &slots) else { return false }
    count += 1
    return true
  }

  private static func place(_ value: UInt64, in slots: inout [UInt64]) -> Bool {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: value) & mask
    while slots[slot] != 0 {
      if slots[slot] == value { return false }
      slot = (slot + 1) & mask
    }
    slots[slot] = value
    return true
  }

  private mutating func grow() {
    var larger = [UInt64](repeating: 0, count: slots.count * 2)
    for value in slots where value != 0 { _ = FingerprintSet.place(value, in: &larger) }
    slots = larger
  }
}

/// Numbers by number, by open addressing.
struct NumberTable {
  private var keys: [UInt64]
  private var values: [UInt32]
  private(set) var count = 0
  private static let free = UInt64.max

  init() {
    keys = Array(repeating: NumberTable.free, count: 1 << 12)
    values = Array(repeating: 0, count: 1 << 12)
  }

  var bytes: Int { keys.count * 12 }

  subscript(key: UInt64) -> UInt32? {
    let slot = slot(of: key)
    return keys[slot] == key ? values[slot] : nil
  }

  mutating func insert(_ value: UInt32, at key: UInt64) {
    if count * 2 >= keys.count { grow() }
    let slot = slot(of: key)
    if keys[slot] != key { count += 1 }
    keys[slot] = key
    values[slot] = value
  }

  private func slot(of key: UInt64) -> Int {
    let mask = keys.count - 1
    var slot = Int(truncatingIfNeeded: scatter(key)) & mask
    while keys[slot] != key, keys[slot] != NumberTable.free { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    let (oldKeys, oldValues) = (keys, values)
    keys = Array(repeating: NumberTable.free, count: oldKeys.count * 2)
    values = Array(repeating: 0, count: oldKeys.count * 2)
    for (place, key) in oldKeys.enumerated() where key != NumberTable.free {
      let slot = slot(of: key)
      keys[slot] = key
      values[slot] = oldValues[place]
    }
  }
}

/// Numbers in the order in which they came, in pieces, so that growing copies none.
struct NumberList {
  private var pieces: [[UInt32]] = []
  private(set) var count = 0
  private static let pieceBits = 20

  var bytes: Int { pieces.count << (NumberList.pieceBits + 2) }

  subscript(place: Int) -> UInt32 {
    pieces[place >> NumberList.pieceBits][place & (1 << NumberList.pieceBits - 1)]
  }

  mutating func append(_ number: UInt32) {
    if count >> NumberList.pieceBits == pieces.count {
      pieces.append([])
      pieces[pieces.count - 1].reserveCapacity(1 << NumberList.pieceBits)
    }
    pieces[pieces.count - 1].append(number)
    count += 1
  }
}

/// Spreads a number over 64 bits, and no two to the same (the finish of SplitMix64).
func scatter(_ number: UInt64) -> UInt64 {
  var mixed = number &+ 0x9E37_79B9_7F4A_7C15
  mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
  mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
  return mixed ^ (mixed >> 31)
}
