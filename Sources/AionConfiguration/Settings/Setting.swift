package import AionPlacement

/// One value that can be configured: what it is called, how it is written, and what it is when
/// nobody says otherwise.
package struct Setting<Value: Sendable>: Sendable {
  package let name: SettingName
  package let form: ValueForm<Value>
  package let standard: Value
  /// Whether the value is shown as `<redacted>`, refused or not.
  package let isSecret: Bool

  package init(
    _ name: SettingName, _ form: ValueForm<Value>, standard: Value, isSecret: Bool = false
  ) {
    self.name = name
    self.form = form
    self.standard = standard
    self.isSecret = isSecret
  }
}
