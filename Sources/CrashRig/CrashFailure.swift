public import AionCluster

/// A promise that was broken.
public enum CrashFailure: Error, CustomStringConvertible {
  case lostWrite(task: Int, acknowledged: UInt64, found: UInt64)
  case inventedWrite(task: Int, acknowledged: UInt64, found: UInt64)
  case tornBatch(task: Int, found: String)
  case versionWentBack(acknowledged: LogIndex, found: LogIndex)
  case digestDiffers(opened: StateDigest, replayed: StateDigest)
  case childFailed(status: Int32)

  public var description: String {
    switch self {
    case .lostWrite(let task, let acknowledged, let found):
      "task \(task): write \(acknowledged) was acknowledged, the last one found is \(found)"
    case .inventedWrite(let task, let acknowledged, let found):
      "task \(task): write \(found) was found, but \(acknowledged) was the last acknowledged "
        + "and one more at most was under way"
    case .tornBatch(let task, let found):
      "task \(task): a batch is half there (\(found))"
    case .versionWentBack(let acknowledged, let found):
      "a write was acknowledged at index \(acknowledged), the catalog is at \(found)"
    case .digestDiffers(let opened, let replayed):
      "the opened state has digest \(opened), a replay of the files gives \(replayed)"
    case .childFailed(let status):
      "the writing process ended by itself with status \(status) before it was killed"
    }
  }
}
