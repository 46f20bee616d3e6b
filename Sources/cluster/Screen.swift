import ClusterRig
import Foundation

/// The table at the top of a terminal, drawn anew each second above what is typed.
struct Screen: Sendable {
  let rig: ClusterRig
  /// Lines that are kept for the table.
  private static let height = 10

  /// Keeps the upper lines for the table; what is typed scrolls below them.
  func enter() { write("\u{1b}[2J\u{1b}[\(Self.height + 1);999r\u{1b}[\(Self.height + 1);1H") }

  func leave() { write("\u{1b}[r\u{1b}[999;1H\n") }

  func drawUntilCancelled() async {
    while !Task.isCancelled {
      let table = await StatusTable.text(of: rig)
      let lines = table.split(separator: "\n").prefix(Self.height - 1)
      let drawn = lines.map { "\($0)\u{1b}[K\n" }.joined()
      write("\u{1b}7\u{1b}[1;1H\(drawn)\u{1b}[K\u{1b}8")
      try? await Task.sleep(for: .seconds(1))
    }
  }

  private func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}
