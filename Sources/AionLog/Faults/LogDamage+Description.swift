import AionModel

extension LogDamage: CustomStringConvertible {
  public var description: String {
    "\(file) at byte \(offset.bytes), after index \(after): \(finding). \(finding.remedy)"
  }
}

extension LogDamage.Finding: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notAHeader: "no record header stands here"
    case .unfinished: "the record is incomplete"
    case .headerChecksum(let stored, let computed):
      "the header's checksum is \(hex(stored)), its bytes give \(hex(computed))"
    case .payloadChecksum(let stored, let computed):
      "the payload's checksum is \(hex(stored)), its bytes give \(hex(computed))"
    case .misplaced(let written): "this record was written for byte \(written.bytes)"
    case .strayRecord: "this record was written for another file"
    case .lengthOutOfLimits(let length, let limit):
      "a length of \(length.bytes) bytes is over the limit of \(limit.bytes)"
    case .indexOutOfRange(let index): "index \(index) is out of range"
    case .nonZeroPadding: "padding is not zero"
    case .undecodableFrame(let reason): "the LZ4 frame cannot be unpacked (\(reason))"
    case .undecodableRecord(let reason): "the records cannot be decoded (\(reason))"
    case .validBatchFollows(let at):
      "the batch does not hold, yet one written after it was synced follows at byte \(at.bytes)"
    case .indexGap(let expected, let found): "index \(expected) should follow, \(found) does"
    case .termWentBack(let from, let to): "term \(to) follows term \(from)"
    case .overwritesCommitted(let index, let commit):
      "index \(index) is written again although \(commit) was committed"
    case .commitBeyondEnd(let commit, let last):
      "index \(commit) was committed, but the log ends at \(last)"
    case .sealMissing: "the segment is not sealed although another follows"
    case .sealDisagrees: "the seal does not agree with the batches before it"
    case .bytesAfterSeal: "bytes follow the seal"
    case .misnamed(let written): "the file was written as \(written)"
    case .segmentMissing(let named): "the segment that comes before, \(named), is missing"
    case .chainBroken(let stored, let computed):
      "it continues chain \(hex(stored)), the segment before it ends with \(hex(computed))"
    case .foreignCluster(let found, let expected):
      "it belongs to cluster \(found), this is cluster \(expected)"
    case .foreignReplica(let found, let expected):
      "it was written by replica \(found), this is replica \(expected)"
    case .futureVersion(let found, let supported):
      "it has format version \(found), this program reads up to \(supported)"
    case .unreadable(let error): error.description
    case .identityMissing: "there are log files but no identity"
    case .groupMissing: "there is an identity, and no record of its group"
    case .doesNotConnect(let snapshot, let logBegins):
      "the newest whole snapshot ends at \(snapshot), the log begins at \(logBegins)"
    }
  }

  /// What a person can do about it.
  fileprivate var remedy: String {
    switch self {
    case .foreignCluster, .foreignReplica, .misnamed, .strayRecord:
      "Remove the file that does not belong here, or open the directory it came from"
    case .futureVersion: "Open it with the newer program"
    case .segmentMissing, .doesNotConnect, .identityMissing, .groupMissing, .sealMissing:
      "Restore the missing file from a backup, or let this replica rejoin with an empty directory"
    default:
      "Run `aionlog verify` on the directory; restore the file from a backup, "
        + "or let this replica rejoin with an empty directory"
    }
  }
}

func hex(_ value: UInt32) -> String {
  let digits = String(value, radix: 16)
  return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}
