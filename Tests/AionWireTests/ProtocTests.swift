import AionWire
import Foundation
import Testing

@Suite("Protocol Buffers' own compiler agrees")
struct ProtocTests {
  static let schema = """
    syntax = "proto3";
    message Sample {
      uint64 number = 1;
      sint64 signed = 2;
      fixed64 wide = 3;
      fixed32 narrow = 4;
      string text = 5;
      bytes raw = 6;
      Sample nested = 7;
      repeated uint64 numbers = 8 [packed = false];
      optional uint32 maybe = 9;
      bool flag = 10;
      uint64 far = 536870911;
    }
    """

  static let text = """
    number: 18446744073709551615
    signed: -9223372036854775808
    wide: 72623859790382856
    narrow: 16909060
    text: "größe"
    raw: "\\000\\377"
    nested {
      number: 128
      nested {
      }
    }
    numbers: 0
    numbers: 300
    maybe: 0
    flag: true
    far: 1
    """

  static func written() -> [UInt8] {
    write { writer in
      writer.varint(1, UInt64.max)
      writer.sint(2, .min)
      writer.fixed64(3, 0x0102_0304_0506_0708)
      writer.fixed32(4, 0x0102_0304)
      writer.string(5, "größe")
      writer.bytes(6, [0, 255])
      writer.message(7) { nested in
        nested.varint(1, 128 as UInt64)
        nested.message(7) { _ in }
      }
      writer.alwaysVarint(8, 0)
      writer.alwaysVarint(8, 300)
      writer.alwaysVarint(9, 0)
      writer.bool(10, true)
      writer.varint(536_870_911, 1 as UInt64)
    }
  }

  @Test("protoc encodes the same bytes that the writer writes")
  func encode() throws {
    let encoded = try protoc("--encode", input: Array(Self.text.utf8))
    #expect(encoded == Self.written())
  }

  @Test("protoc decodes what the writer writes")
  func decode() throws {
    let decoded = String(decoding: try protoc("--decode", input: Self.written()), as: UTF8.self)
    let expected = Self.text.replacingOccurrences(of: "größe", with: "gr\\303\\266\\303\\237e")
    #expect(decoded.trimmingCharacters(in: .newlines) == expected)
  }

  @Test("The reader reads what protoc encodes")
  func read() throws {
    let encoded = try protoc("--encode", input: Array(Self.text.utf8))
    var fields: [UInt32] = []
    try WireReader.reading(encoded) { reader throws(WireError) in
      while let field = try reader.next() {
        fields.append(field.number)
        switch field.number {
        case 1: #expect(try reader.uint64(field) == .max)
        case 2: #expect(try reader.sint(field) == .min)
        case 3: #expect(try reader.fixed64(field) == 0x0102_0304_0506_0708)
        case 4: #expect(try reader.fixed32(field) == 0x0102_0304)
        case 5: #expect(try reader.string(field) == "größe")
        case 6: #expect(try reader.bytes(field) == [0, 255])
        case 10: #expect(try reader.bool(field))
        default: try reader.skip(field)
        }
      }
    }
    #expect(fields == [1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10, 536_870_911])
  }

  /// Runs protoc on the sample schema in a folder of its own.
  private func protoc(_ action: String, input: [UInt8]) throws -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "aion-wire-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.schema.write(
      to: folder.appending(path: "sample.proto"), atomically: true, encoding: .utf8)
    let source = folder.appending(path: "input")
    try Data(input).write(to: source)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["protoc", "\(action)=Sample", "-I", folder.path, "sample.proto"]
    process.standardInput = try FileHandle(forReadingFrom: source)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "protoc (Debian: protobuf-compiler) must be installed")
    return [UInt8](bytes)
  }
}
