import Foundation

/// Tells a person what happens: finished steps on lines of their own, progress on one that moves.
///
/// With `--json` everything for people goes to standard error, and standard output gets one object.
final class Narrator {
  private let output: FileHandle
  private let isTerminal: Bool
  private var hasProgressLine = false

  init(json: Bool) {
    output = json ? .standardError : .standardOutput
    isTerminal = isatty(output.fileDescriptor) == 1
  }

  func title(_ text: String) { line("\n\(bold(text))") }

  func done(_ text: String) { line("  ✓ \(text)") }

  func note(_ text: String) { line("    \(text)") }

  /// Overwritten by whatever comes next; left out where there is no terminal.
  func progress(_ text: String) {
    guard isTerminal else { return }
    write("\r\u{1B}[2K  … \(text)")
    hasProgressLine = true
  }

  func line(_ text: String) {
    if hasProgressLine { write("\r\u{1B}[2K") }
    hasProgressLine = false
    write(text + "\n")
  }

  private func bold(_ text: String) -> String {
    isTerminal ? "\u{1B}[1m\(text)\u{1B}[0m" : text
  }

  private func write(_ text: String) { try? output.write(contentsOf: Data(text.utf8)) }
}

/// `1234567` as `1,234,567`.
func grouped(_ count: Int) -> String {
  var digits = Array(String(count))
  var position = digits.count - 3
  while position > 0 {
    digits.insert(",", at: position)
    position -= 3
  }
  return String(digits)
}

extension Duration {
  /// `1.2 s` or `340 ms`
  var rounded: String {
    let milliseconds = components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    return milliseconds < 1_000
      ? "\(milliseconds) ms" : String(format: "%.1f s", Double(milliseconds) / 1_000)
  }
}
