import Foundation

/// The seeds of the property tests: the first few, or the one in `AION_SEED`, or as many as
/// `AION_SEEDS` says.
enum Seeds {
  static func first(_ count: Int) -> ClosedRange<UInt64> {
    let environment = ProcessInfo.processInfo.environment
    if let only = environment["AION_SEED"].flatMap({ UInt64($0) }) { return only...only }
    return 1...(environment["AION_SEEDS"].flatMap { UInt64($0) } ?? UInt64(count))
  }
}
