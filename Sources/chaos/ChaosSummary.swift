import ClusterRig
import Foundation

/// The figures of a run.
struct ChaosSummary: Encodable {
  struct Fault: Encodable {
    var kind: String
    var text: String
    var beganAfterSeconds: Double
    var seconds: Double
    /// The longest time meanwhile without an acknowledged write.
    var longestSilenceMilliseconds: Double
  }

  /// Times without an acknowledged write that are longer than a healthy group's.
  struct Outages: Encodable {
    var aboveMilliseconds: Double
    var count: Int
    var longestMilliseconds: Double
    var totalMilliseconds: Double
  }

  var seed: UInt64
  var operations: Int
  var acknowledgedWrites: Int
  var unknown: Int
  /// What clients were told instead, and how often.
  var complaints: [String: Int]
  var faults: [Fault]
  var outages: Outages
  /// nil: every answer is explained, and nothing acknowledged was lost.
  var violation: String?
  /// Acknowledged writes that were lost; nil when that is what has to be found out.
  var lost: Int?

  init(_ report: Chaos.Report, seed: UInt64, outageAbove limit: Duration) {
    self.seed = seed
    operations = report.trial.operations
    acknowledgedWrites = report.trial.writes
    unknown = report.trial.unknown
    complaints = report.trial.complaints
    faults = report.faults.map { fault in
      Fault(
        kind: fault.kind.rawValue, text: fault.text,
        beganAfterSeconds: fault.time.lowerBound.milliseconds / 1_000,
        seconds: (fault.time.upperBound - fault.time.lowerBound).milliseconds / 1_000,
        longestSilenceMilliseconds: fault.silence.milliseconds)
    }
    let longer = report.trial.outages(above: limit)
    outages = Outages(
      aboveMilliseconds: limit.milliseconds, count: longer.count,
      longestMilliseconds: report.trial.silences.first?.milliseconds ?? 0,
      totalMilliseconds: longer.reduce(.zero, +).milliseconds)
    violation = report.trial.violation
    lost = report.trial.violation == nil ? 0 : nil
  }

  func json() throws -> String { try Self.encoded(self) }

  /// What is printed in place of figures when the group did not do what it should.
  static func json(of failure: RigFailure, seed: UInt64) throws -> String {
    struct Failed: Encodable {
      var seed: UInt64
      var failure: String
    }
    return try encoded(Failed(seed: seed, failure: "\(failure)"))
  }

  private static func encoded(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

// MARK: - For people

extension ChaosSummary {
  var text: String {
    let above = Self.text(outages.aboveMilliseconds)
    var lines = ["fault            times  longest without a write"]
    for kind in Set(faults.map(\.kind)).sorted() {
      let those = faults.filter { $0.kind == kind }
      let longest = those.map(\.longestSilenceMilliseconds).max() ?? 0
      lines.append(
        kind.padding(toLength: 16, withPad: " ", startingAt: 0)
          + String(repeating: " ", count: max(1, 6 - "\(those.count)".count))
          + "\(those.count)  \(Self.text(longest))")
    }
    lines += [
      "",
      "operations     \(operations), of them \(acknowledgedWrites) acknowledged writes",
      "unknown        \(unknown)",
    ]
    for (complaint, count) in complaints.sorted(by: { $0.key < $1.key }) {
      lines.append("               \(count) \(complaint)")
    }
    lines += [
      "faults         \(faults.count)",
      "outages        \(outages.count) above \(above), "
        + "\(Self.text(outages.totalMilliseconds)) in all",
      "no write for   \(Self.text(outages.longestMilliseconds)) at most",
    ]
    if let violation {
      return (lines + ["FAILED, seed \(seed)", violation]).joined(separator: "\n")
    }
    return (lines + ["lost           0"]).joined(separator: "\n")
  }

  private static func text(_ milliseconds: Double) -> String {
    "\(Int(milliseconds.rounded())) ms"
  }
}

extension Duration {
  fileprivate var milliseconds: Double {
    Double(components.seconds) * 1_000 + Double(components.attoseconds) / 1e15
  }
}
