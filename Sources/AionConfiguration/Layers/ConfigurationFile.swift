import Configuration
import FoundationEssentials

/// A file of configuration as texts by key; what stands in it is judged later, by the forms.
///
/// The library's own snapshot of JSON takes `3` for a flag and `true` for a number, and does not
/// tell which names there are.
struct ConfigurationFile: FileConfigSnapshot {
  let providerName: String
  let values: [String: String]

  /// There is nothing to choose.
  struct ParsingOptions: FileParsingOptions {
    static var `default`: ParsingOptions { ParsingOptions() }
  }

  /// What JSON allows and a configuration does not.
  enum Fault: Error, Hashable, CustomStringConvertible {
    case tooLarge(bytes: Int)
    case notAnObject
    case twice(String)
    case nested(String)

    var description: String {
      switch self {
      case .tooLarge(let bytes): "it has \(bytes) bytes, and at most \(byteLimit) are read"
      case .notAnObject: "it is not one object in braces"
      case .twice(let key): "\(key) stands twice"
      case .nested(let key):
        "the list \(key) has something other than texts, numbers and flags in it"
      }
    }
  }

  static let byteLimit = 1 << 20

  init(data: RawSpan, providerName: String, parsingOptions: ParsingOptions) throws {
    guard data.byteCount <= Self.byteLimit else { throw Fault.tooLarge(bytes: data.byteCount) }
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    let root = try decoder.decode(JSONValue.self, from: data.withUnsafeBytes { Data($0) })
    guard case .object(let members) = root else { throw Fault.notAnObject }
    var values: [String: String] = [:]
    try Self.flatten(members, below: "", into: &values)
    self.providerName = providerName
    self.values = values
  }

  func value(forKey key: AbsoluteConfigKey, type: ConfigType) throws -> LookupResult {
    let name = key.components.joined(separator: ".")
    let value = values[name].map { ConfigValue(.string($0), isSecret: false) }
    return LookupResult(encodedKey: name, value: value)
  }

  private static func flatten(
    _ members: [String: JSONValue], below prefix: String, into values: inout [String: String]
  ) throws(Fault) {
    // Sorted, so that of several faults always the same one is told.
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      let key = prefix + name
      switch value {
      case .null: break
      case .object(let members): try flatten(members, below: key + ".", into: &values)
      case .text(let text):
        guard values.updateValue(text, forKey: key) == nil else { throw .twice(key) }
      case .list(let items):
        let texts = items.compactMap { item in if case .text(let text) = item { text } else { nil }
        }
        guard texts.count == items.count else { throw .nested(key) }
        guard values.updateValue(texts.joined(separator: ","), forKey: key) == nil else {
          throw .twice(key)
        }
      }
    }
  }
}

// Says how many values there are, never which: some are secret.
extension ConfigurationFile: CustomStringConvertible, CustomDebugStringConvertible {
  var description: String { "\(providerName)[\(values.count) values]" }
  var debugDescription: String { description }
}

/// What stands in JSON; flags and numbers as their texts.
private enum JSONValue: Decodable {
  case null
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    if let members = try? decoder.container(keyedBy: MemberName.self) {
      var values: [String: JSONValue] = [:]
      for name in members.allKeys {
        values[name.stringValue] = try members.decode(JSONValue.self, forKey: name)
      }
      self = .object(values)
    } else if var items = try? decoder.unkeyedContainer() {
      var values: [JSONValue] = []
      while !items.isAtEnd { values.append(try items.decode(JSONValue.self)) }
      self = .list(values)
    } else {
      self = try Self.scalar(in: try decoder.singleValueContainer())
    }
  }

  private static func scalar(in container: any SingleValueDecodingContainer) throws -> JSONValue {
    if container.decodeNil() { return .null }
    if let flag = try? container.decode(Bool.self) { return .text("\(flag)") }
    if let number = try? container.decode(Int.self) { return .text("\(number)") }
    if let number = try? container.decode(Double.self) { return .text("\(number)") }
    return .text(try container.decode(String.self))
  }

  private struct MemberName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
