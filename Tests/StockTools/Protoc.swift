import Foundation

/// Protocol Buffers' own compiler with this project's schema.
public enum Protoc {
  /// The text form of a message.
  public static func decode(
    _ bytes: [UInt8], as message: String, in file: String
  ) throws -> String {
    String(decoding: try run("--decode", bytes, message, file), as: UTF8.self)
  }

  /// The bytes of a message in text form.
  public static func encode(
    _ text: String, as message: String, in file: String
  ) throws -> [UInt8] {
    try run("--encode", Array(text.utf8), message, file)
  }

  /// It is not installed (Debian: protobuf-compiler), or does not understand its input.
  public struct Failure: Error {
    public let status: Int32
  }

  private static let schema = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Docs/schema")

  private static func run(
    _ action: String, _ input: [UInt8], _ message: String, _ file: String
  ) throws -> [UInt8] {
    let source = FileManager.default.temporaryDirectory.appending(
      path: "aion-protoc-\(UUID().uuidString)")
    try Data(input).write(to: source)
    defer { try? FileManager.default.removeItem(at: source) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "protoc", "\(action)=aion.v1.\(message)", "-I", schema.path, "aion/v1/\(file).proto",
    ]
    process.standardInput = try FileHandle(forReadingFrom: source)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(status: process.terminationStatus)
    }
    return [UInt8](bytes)
  }
}
