import AionModel
import AionWire

/// A cluster's identity as it comes: two fixed64, the upper half first.
struct ClusterFields {
  private var upper: UInt64?
  private var lower: UInt64?

  var cluster: ClusterID? {
    guard upper != nil || lower != nil else { return nil }
    return ClusterID(UInt128(upper ?? 0) << 64 | UInt128(lower ?? 0))
  }

  mutating func read(
    _ field: WireReader.Field, from reader: inout WireReader, first: UInt32
  ) throws(WireError) {
    let half = try reader.fixed64(field)
    if field.number == first { upper = half } else { lower = half }
  }
}

/// A range of versions as it comes: the lowest, then the highest.
struct VersionFields {
  private var lowest: ProtocolVersion = 0
  private var highest: ProtocolVersion = 0

  mutating func read(
    _ field: WireReader.Field, from reader: inout WireReader, first: UInt32
  ) throws(WireError) {
    let version = ProtocolVersion(try reader.uint32(field))
    if field.number == first { lowest = version } else { highest = version }
  }

  func range(_ reader: WireReader) throws(WireError) -> ClosedRange<ProtocolVersion> {
    guard lowest > 0, lowest <= highest else { throw reader.missing(1) }
    return lowest...highest
  }
}

extension WireWriter {
  /// In two fields: `field` for the upper half, the next one for the lower.
  mutating func encode(_ cluster: ClusterID?, as field: UInt32) {
    guard let cluster else { return }
    fixed64(field, UInt64(truncatingIfNeeded: cluster.rawValue >> 64))
    fixed64(field + 1, UInt64(truncatingIfNeeded: cluster.rawValue))
  }

  /// In two fields: `field` for the lowest, the next one for the highest.
  mutating func encode(_ versions: ClosedRange<ProtocolVersion>, as field: UInt32) {
    varint(field, versions.lowerBound.rawValue)
    varint(field + 1, versions.upperBound.rawValue)
  }
}

extension WireReader {
  mutating func byteCount(_ field: Field) throws(WireError) -> ByteCount {
    guard let count = Int(exactly: try uint64(field)) else { throw outOfRange(field) }
    return ByteCount(count)
  }
}
