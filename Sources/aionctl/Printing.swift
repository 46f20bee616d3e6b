import ArgumentParser
import Foundation

/// How what is found is printed.
struct Printing: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Option(name: [.customShort("o"), .long], help: "How to print.")
  var output = Format.table

  @Flag(help: "The same as --output json.")
  var json = false

  var format: Format { json ? .json : output }

  func print(_ sheet: Sheet) {
    switch format {
    case .table: for line in sheet.lines { writeLine(line) }
    case .json: writeJSON(sheet.objects)
    }
  }
}

func writeError(_ line: String) {
  FileHandle.standardError.write(Data((line + "\n").utf8))
}

func writeLine(_ line: String) {
  FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

/// On one line, so that it can be taken line by line.
func writeJSON(_ value: some Encodable) {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  guard let data = try? encoder.encode(value) else {
    preconditionFailure("\(value) cannot be encoded")
  }
  writeLine(String(decoding: data, as: UTF8.self))
}

/// - Throws: Foundation's error, which names the file.
func firstLine(of path: String) throws -> String {
  let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
  return String(text.prefix { !$0.isNewline })
}

/// Puts a whole file in place, or nothing.
func writeFile(_ bytes: [UInt8], at path: String) throws {
  try Data(bytes).write(to: URL(filePath: path), options: .atomic)
}
