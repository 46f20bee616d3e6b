import Foundation

/// What `--json` prints: one object, on one line.
func oneObject(_ figures: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys]
  return String(decoding: try encoder.encode(figures), as: UTF8.self)
}
