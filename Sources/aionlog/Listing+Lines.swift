import AionModel

extension Listing {
  var lines: [String] {
    ["cluster \(cluster), replica \(replica), node \(node)", ""]
      + segmentTable.lines + [""]
      + (snapshots.isEmpty ? ["no snapshots"] : snapshotTable.lines)
  }

  private var segmentTable: Table {
    var table = Table([
      ("SEGMENT", .left), ("FIRST", .right), ("LAST", .right), ("ENTRIES", .right),
      ("BATCHES", .right), ("RAW", .right), ("DISK", .right), ("RATIO", .right),
      ("FILE", .right), ("STATE", .left),
    ])
    for segment in segments {
      let (raw, disk) = (ByteCount(segment.rawBytes), ByteCount(segment.diskBytes))
      table.add([
        segment.name, grouped(segment.firstIndex), grouped(segment.lastIndex),
        grouped(UInt64(segment.entries)), grouped(UInt64(segment.batches)), "\(raw)", "\(disk)",
        ratio(raw, disk), "\(ByteCount(segment.fileBytes))", segment.state,
      ])
    }
    return table
  }

  private var snapshotTable: Table {
    var table = Table([
      ("SNAPSHOT", .left), ("INDEX", .right), ("TERM", .right), ("VERSION", .right),
      ("RAW", .right), ("DISK", .right), ("RATIO", .right), ("FILE", .right),
      ("DIGEST", .left), ("RECORDS", .left),
    ])
    for snapshot in snapshots {
      let (raw, disk) = (ByteCount(snapshot.rawBytes), ByteCount(snapshot.diskBytes))
      let records = snapshot.records.sorted { $0.key < $1.key }
        .map { "\(grouped(UInt64(max(0, $0.value)))) \($0.key)" }
      table.add([
        snapshot.name, grouped(snapshot.index), grouped(snapshot.term),
        grouped(snapshot.catalogVersion), "\(raw)", "\(disk)", ratio(raw, disk),
        "\(ByteCount(snapshot.fileBytes))", String((snapshot.digest ?? "").prefix(12)),
        records.joined(separator: ", "),
      ])
    }
    return table
  }
}
