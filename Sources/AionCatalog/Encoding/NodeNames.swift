package import AionModel
package import AionWire

/// Turns the bytes of node names into `NodeID`s, checking and keeping each name once.
///
/// A snapshot names the same few nodes millions of times; most names are found here without a new
/// string and without checking them again.
package struct NodeNames: Sendable {
  /// A hash table with linear probing whose size is a power of two, at most half full.
  private var slots: [NodeID?] = []
  private var count = 0

  /// Names beyond so many are read, but not kept.
  private static let limit = 65_536

  package init() {}

  package mutating func read(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) -> NodeID {
    var ahead = reader
    let bytes = try ahead.borrowedBytes(field)
    var slot = 0
    if !slots.isEmpty {
      slot = place(of: bytes)
      if let known = slots[slot] {
        reader = ahead
        return known
      }
    }
    let text = try reader.string(field)
    guard let id = try? NodeID(text) else { throw reader.outOfRange(field) }
    keep(id)
    return id
  }

  /// The slot that holds the name, or the empty one where it would stand.
  private func place(of name: UnsafeRawBufferPointer) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: fnv1a(name)) & mask
    while let other = slots[slot], !isEqual(other, name) { slot = (slot + 1) & mask }
    return slot
  }

  private func isEqual(_ id: NodeID, _ name: UnsafeRawBufferPointer) -> Bool {
    id.name.utf8.count == name.count && id.name.utf8.elementsEqual(name)
  }

  private mutating func keep(_ id: NodeID) {
    guard count < Self.limit else { return }
    if slots.count < 2 * (count + 1) { grow() }
    var name = id.name
    let slot = name.withUTF8 { place(of: UnsafeRawBufferPointer($0)) }
    slots[slot] = id
    count += 1
  }

  private mutating func grow() {
    let known = slots
    slots = [NodeID?](repeating: nil, count: max(16, known.count * 2))
    for case let id? in known {
      var name = id.name
      let slot = name.withUTF8 { place(of: UnsafeRawBufferPointer($0)) }
      slots[slot] = id
    }
  }
}
