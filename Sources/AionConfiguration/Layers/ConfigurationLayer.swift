import AionPlacement
import Configuration

/// One place that values come from. The first layer that has a setting decides: flags before the
/// environment, the environment before a file.
package struct ConfigurationLayer: Sendable {
  /// As it is shown to people: `flags`, `environment`, `file /etc/aiond.json`.
  package let name: String
  /// What this layer calls a setting.
  let ownName: @Sendable (SettingName) -> String
  /// Names that belong to the program, so that one that it does not know is a mistake; sorted.
  let claimed: [String]
  /// The name of a setting as it would stand in `claimed`.
  let claimedName: @Sendable (SettingName) -> String
  private let provider: any ConfigProvider
  private let keyOf: @Sendable (SettingName) -> AbsoluteConfigKey

  init(
    name: String, provider: some ConfigProvider, claimed: [String],
    ownName: @escaping @Sendable (SettingName) -> String,
    claimedName: (@Sendable (SettingName) -> String)? = nil,
    keyOf: @escaping @Sendable (SettingName) -> AbsoluteConfigKey
  ) {
    self.name = name
    self.provider = provider
    self.claimed = claimed.sorted()
    self.ownName = ownName
    self.claimedName = claimedName ?? ownName
    self.keyOf = keyOf
  }

  /// As it was written, or nil when this layer does not have it.
  func text(of name: SettingName) -> String? {
    // Every layer here keeps its values as texts, so that only a form judges what they may be.
    let found = try? provider.value(forKey: keyOf(name), type: .string).value
    guard case .string(let text)? = found?.content else { return nil }
    return text
  }
}

extension ConfigurationLayer {
  /// What was said on the command line.
  ///
  /// - Parameter values: By key, those that were given only: `["listen.address": "…"]`.
  package static func flags(_ values: [String: String]) -> ConfigurationLayer {
    let provided = values.map { key, text in
      (AbsoluteConfigKey(ConfigKey(key)), ConfigValue(.string(text), isSecret: false))
    }
    return ConfigurationLayer(
      name: "flags",
      provider: InMemoryProvider(
        name: "flags", values: Dictionary(provided, uniquingKeysWith: { first, _ in first })),
      claimed: [String](values.keys), ownName: { $0.flag }, claimedName: { $0.key },
      keyOf: { AbsoluteConfigKey(ConfigKey($0.key)) })
  }

  /// Variables of the process.
  ///
  /// - Parameter prefixes: A variable that begins with one of them and that no setting has is
  ///   refused as misspelled; others are none of the program's business.
  package static func environment(
    _ values: [String: String], claiming prefixes: [String]
  ) -> ConfigurationLayer {
    ConfigurationLayer(
      name: "environment",
      provider: EnvironmentVariablesProvider(environmentVariables: values),
      claimed: values.keys.filter { name in prefixes.contains { name.hasPrefix($0) } },
      ownName: { $0.environment }, keyOf: { AbsoluteConfigKey([$0.environment]) })
  }
}
