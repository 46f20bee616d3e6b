import AionHistory
import AionModel
import ArgumentParser
import Foundation

/// Both checks of a history, for people and for programs.
struct Judgement {
  var report: LinearizabilityReport
  var versions: [VersionViolation]

  private var verdict: LinearizabilityReport.Verdict {
    versions.isEmpty ? report.verdict : .violated
  }

  var exitCode: ExitCode {
    switch verdict {
    case .linearizable: ExitCode(0)
    case .violated: ExitCode(1)
    case .undecided: ExitCode(2)
    }
  }

  var text: String {
    var lines = report.violations.map { $0.explanation + "\n" }
    lines += versions.map(\.description)
    lines += report.undecided.map(\.description)
    lines.append(
      "\(verdict.rawValue): \(report.operations) operations on \(report.objects) objects, "
        + "\(report.configurations) configurations looked at")
    return lines.joined(separator: "\n")
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(Encoded(self, verdict)), as: UTF8.self)
  }

  private struct Encoded: Encodable {
    struct Violation: Encodable {
      var key: String
      var operations: [String]
      var explanation: String
    }

    var verdict: String
    var operations: Int
    var objects: Int
    var configurations: Int
    var violations: [Violation]
    var versions: [String]
    var undecided: [String]

    init(_ judgement: Judgement, _ verdict: LinearizabilityReport.Verdict) {
      let report = judgement.report
      self.verdict = verdict.rawValue
      operations = report.operations
      objects = report.objects
      configurations = report.configurations
      violations = report.violations.map { violation in
        Violation(
          key: violation.key.description,
          operations: violation.window.map { "client \($0.client): \($0)" },
          explanation: violation.explanation)
      }
      versions = judgement.versions.map(\.description)
      undecided = report.undecided.map(\.description)
    }
  }
}
