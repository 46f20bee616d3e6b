package import AionPlacement

/// Reads one setting after the other and gathers what is wrong, so that all of it is told at once.
///
///     var reading = ConfigurationReading([.flags(given), .environment(…), try await .file(path)])
///     let listen = reading.read(Settings.listen)
///     let sharding = reading.readSharding()
///     let effective = try reading.finish()
package struct ConfigurationReading: Sendable {
  private let layers: [ConfigurationLayer]
  private var known: [SettingName] = []
  private var rows: [EffectiveSetting] = []
  private var problems: [ConfigurationRefusal.Problem] = []

  /// - Parameter layers: The first one that has a setting decides.
  package init(_ layers: [ConfigurationLayer]) { self.layers = layers }

  /// The value in force; the default when none is set, or when the one that is set is wrong, which
  /// `finish` then tells.
  package mutating func read<Value>(_ setting: Setting<Value>) -> Value {
    known.append(setting.name)
    guard let (text, layer) = written(setting.name) else {
      note(setting, setting.standard, .standard)
      return setting.standard
    }
    do throws(ValueComplaint) {
      let value = try setting.form.parse(text.trimmed)
      note(setting, value, .source(layer.name, as: layer.ownName(setting.name)))
      return value
    } catch {
      problems.append(
        ConfigurationRefusal.Problem(
          name: layer.ownName(setting.name), source: layer.name,
          value: setting.isSecret ? redacted : text,
          complaint: setting.isSecret ? nil : error.text, allowed: setting.form.allowed))
      return setting.standard
    }
  }

  /// Refuses a value that is allowed by itself, for what the others are.
  ///
  /// - Parameter setting: One that has been read; it is told as it was written.
  package mutating func refuse<Value>(
    _ setting: Setting<Value>, complaint: String, allowed: String? = nil
  ) {
    let found = written(setting.name)
    let text = found?.text ?? setting.form.written(setting.standard)
    problems.append(
      ConfigurationRefusal.Problem(
        name: found.map { $0.layer.ownName(setting.name) } ?? setting.name.key,
        source: found?.layer.name ?? "default", value: setting.isSecret ? redacted : text,
        complaint: complaint, allowed: allowed ?? setting.form.allowed))
  }

  /// The configuration of sharding, under `distributed.sharding`.
  package mutating func readSharding() -> ShardingConfiguration {
    known += ShardingKey.allCases.map { SettingName($0) }
    do throws(ConfigurationRefusal) {
      let sharding = try ShardingConfiguration(from: layers.map(\.shardingSource))
      rows += ShardingKey.allCases.map { key in
        EffectiveSetting(
          key: key.fileName, value: sharding.value(of: key), origin: sharding.origin(of: key),
          isSecret: false)
      }
      return sharding
    } catch {
      problems += error.problems
      return ShardingConfiguration()
    }
  }

  /// What is in force, once everything has been read.
  ///
  /// - Throws: Every wrong value, and every name in a layer that no setting has.
  package func finish() throws(ConfigurationRefusal) -> EffectiveConfiguration {
    let all = layers.flatMap { unknownNames(in: $0) } + problems
    guard all.isEmpty else { throw ConfigurationRefusal(problems: all) }
    return EffectiveConfiguration(settings: rows)
  }

  private func written(_ name: SettingName) -> (text: String, layer: ConfigurationLayer)? {
    for layer in layers {
      if let text = layer.text(of: name) { return (text, layer) }
    }
    return nil
  }

  private mutating func note<Value>(
    _ setting: Setting<Value>, _ value: Value, _ origin: ConfigurationOrigin
  ) {
    rows.append(
      EffectiveSetting(
        key: setting.name.key, value: setting.isSecret ? redacted : setting.form.written(value),
        origin: origin, isSecret: setting.isSecret))
  }

  private func unknownNames(in layer: ConfigurationLayer) -> [ConfigurationRefusal.Problem] {
    let names = Set(known.map(layer.claimedName))
    return layer.claimed.filter { !names.contains($0) }.map { name in
      ConfigurationRefusal.Problem(
        name: name, source: layer.name, value: "…", complaint: "there is no such setting",
        allowed: closest(to: name, among: names))
    }
  }

  /// Those that are most like it, for a list of all would bury them.
  private func closest(to name: String, among names: Set<String>) -> String {
    let ranked = names.map { (editDistance($0, name), $0) }.sorted(by: <)
    return ranked.prefix(3).map(\.1).joined(separator: ", ")
      + (names.count > 3 ? " and \(names.count - 3) others" : "")
  }
}

private let redacted = "<redacted>"

extension ConfigurationLayer {
  fileprivate var shardingSource: ConfigurationSource {
    let names = ShardingKey.allCases.map { SettingName($0) }
    let byOwnName = Dictionary(
      names.map { (ownName($0), $0) }, uniquingKeysWith: { first, _ in first })
    return ConfigurationSource(name: name, nameOf: { ownName(SettingName($0)) }) { name in
      byOwnName[name].flatMap { text(of: $0) }
    }
  }
}

/// Letters to put in, take out or exchange to make one of the other.
private func editDistance(_ left: String, _ right: String) -> Int {
  let right = Array(right.utf8)
  var row = Array(0...right.count)
  for (line, letter) in left.utf8.enumerated() {
    var diagonal = row[0]
    row[0] = line + 1
    for column in right.indices {
      let exchanged = diagonal + (letter == right[column] ? 0 : 1)
      diagonal = row[column + 1]
      row[column + 1] = min(exchanged, row[column] + 1, diagonal + 1)
    }
  }
  return row[right.count]
}
