package import AionPlacement

/// One setting as it is in force.
package struct EffectiveSetting: Hashable, Sendable {
  package let key: String
  /// As it could stand in a file; `<redacted>` when it is secret.
  package let value: String
  package let origin: ConfigurationOrigin
  package let isSecret: Bool
}

/// Every setting with the value in force and where it comes from.
package struct EffectiveConfiguration: Hashable, Sendable, CustomStringConvertible {
  /// In the order in which they were read.
  package let settings: [EffectiveSetting]

  /// A file that gives these values, each with where it came from in a comment. Secrets are
  /// commented out.
  package var description: String {
    let lines = settings.map { setting in
      let line = "\(quoted(setting.key)): \(quoted(setting.value)),"
      return (left: setting.isSecret ? "// " + line : line, origin: "\(setting.origin)")
    }
    let width = lines.map(\.left.count).filter { $0 <= 72 }.max() ?? 0
    let rows = lines.map { line in
      let padding = String(repeating: " ", count: max(0, width - line.left.count))
      return "  \(line.left)\(padding)  // \(line.origin)\n"
    }
    return "{\n\(rows.joined())}\n"
  }

  private func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let hexadecimal = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
