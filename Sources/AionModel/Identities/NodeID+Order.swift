// Nodes are told apart and put in order by the bytes of their names. String's own equality and
// order follow a table of Unicode, whose versions differ between releases of Swift, and replicas
// must agree.

extension NodeID {
  public static func == (left: NodeID, right: NodeID) -> Bool { left.compare(right) == 0 }

  public static func < (left: NodeID, right: NodeID) -> Bool { left.compare(right) < 0 }

  /// Below, at or above zero, as this name's bytes come before, equal or come after the other's.
  private func compare(_ other: NodeID) -> Int {
    // A native string always has contiguous storage; the fallback is for bridged ones.
    name.utf8.withContiguousStorageIfAvailable { left in
      other.name.utf8.withContiguousStorageIfAvailable { right in
        compareBytes(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
      } ?? compareSlowly(other)
    } ?? compareSlowly(other)
  }

  private func compareSlowly(_ other: NodeID) -> Int {
    if name.utf8.elementsEqual(other.name.utf8) { return 0 }
    return name.utf8.lexicographicallyPrecedes(other.name.utf8) ? -1 : 1
  }
}

/// Eight bytes at a time: as big-endian numbers they order as their bytes do.
private func compareBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
  let shared = min(left.count, right.count)
  var offset = 0
  while offset + 8 <= shared {
    let own = UInt64(bigEndian: left.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    let others = UInt64(bigEndian: right.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    if own != others { return own < others ? -1 : 1 }
    offset += 8
  }
  while offset < shared {
    if left[offset] != right[offset] { return left[offset] < right[offset] ? -1 : 1 }
    offset += 1
  }
  return left.count - right.count
}
