import AionModel
package import AionWire

extension ClusterSnapshot {
  /// Equal for equal states, whatever way they came about. Costs one short hash.
  public var digest: StateDigest {
    var writer = WireWriter(reservingCapacity: 64)
    encodeCounters(into: &writer)
    var digest = recordDigest
    writer.bytes.withUnsafeBytes { digest.add($0) }
    return digest
  }

  /// Puts what a state needs beside its records before them (`aion.v1.CatalogCounters`).
  package func encodeCounters(into writer: inout WireWriter) {
    writer.message(SnapshotField.counters) { counters in
      counters.varint(1, catalogVersion.rawValue)
      counters.varint(2, placementEpoch.rawValue)
      counters.varint(3, lastDatabaseID.rawValue)
      counters.varint(4, lastTxnID.rawValue)
      counters.varint(5, lastSessionID.rawValue)
    }
  }
}
