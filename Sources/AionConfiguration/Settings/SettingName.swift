package import AionPlacement

/// What a setting is called in each place that it can come from.
package struct SettingName: Hashable, Sendable {
  /// In a file: `listen.address`, where each dot is one object deeper.
  package let key: String
  /// Capital letters, digits and underscores: `AIOND_LISTEN_ADDRESS`.
  package let environment: String
  /// As a person types it: `--listen`. Only shown; which flags there are is the program's affair.
  package let flag: String

  /// - Parameter flag: nil: made of the key, `--listen-address`.
  package init(key: String, environment: String, flag: String? = nil) {
    self.key = key
    self.environment = environment
    let words = key.map { $0 == "." || $0 == "_" ? "-" : $0 }
    self.flag = flag ?? "--" + String(words)
  }

  package init(_ key: ShardingKey) {
    self.init(key: key.fileName, environment: key.environmentName)
  }
}
