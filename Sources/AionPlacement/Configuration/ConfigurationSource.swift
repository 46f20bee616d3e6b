/// A place that values come from, asked by the names that it uses for the keys.
public struct ConfigurationSource: Sendable {
  /// As it is shown to people: `environment`, `file /etc/aiondb.toml`.
  public let name: String
  private let nameOf: @Sendable (ShardingKey) -> String
  private let lookup: @Sendable (String) -> String?
  /// Names of this source that look like keys of sharding and are none; sorted.
  let unknownNames: [String]

  /// - Parameter values: By environment name; variables of others are ignored.
  public static func environment(_ values: [String: String]) -> ConfigurationSource {
    ConfigurationSource(
      name: "environment", prefix: ShardingKey.environmentPrefix, values: values,
      nameOf: \.environmentName)
  }

  /// - Parameter values: By full name: `distributed.sharding.enabled`; other sections are ignored.
  public static func file(_ path: String, _ values: [String: String]) -> ConfigurationSource {
    ConfigurationSource(
      name: "file \(path)", prefix: ShardingKey.filePrefix, values: values, nameOf: \.fileName)
  }

  /// A source that is asked for one key at a time, so that misspelled names stay unseen.
  public init(
    name: String, nameOf: @escaping @Sendable (ShardingKey) -> String,
    lookup: @escaping @Sendable (String) -> String?
  ) {
    self.name = name
    self.nameOf = nameOf
    self.lookup = lookup
    unknownNames = []
  }

  private init(
    name: String, prefix: String, values: [String: String],
    nameOf: @escaping @Sendable (ShardingKey) -> String
  ) {
    self.name = name
    self.nameOf = nameOf
    lookup = { values[$0] }
    let known = Set(ShardingKey.allCases.map(nameOf))
    unknownNames = values.keys.filter { $0.hasPrefix(prefix) && !known.contains($0) }.sorted()
  }

  func value(of key: ShardingKey) -> ConfiguredValue? {
    let ownName = nameOf(key)
    return lookup(ownName).map { ConfiguredValue(text: $0, origin: .source(name, as: ownName)) }
  }
}

/// Where a value comes from.
public enum ConfigurationOrigin: Hashable, Sendable, CustomStringConvertible {
  case standard
  case source(String, as: String)

  public var description: String {
    switch self {
    case .standard: "default"
    case .source(let source, let name): "\(source), \(name)"
    }
  }
}

/// A value as it was written.
struct ConfiguredValue {
  let text: String
  let origin: ConfigurationOrigin
}
