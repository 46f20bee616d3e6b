import AionConfiguration
import AionModel
import AionPlacement

/// Settings such as a server has.
enum Settings {
  enum Level: String, CaseIterable, Sendable { case quiet, loud }

  static let listen = Setting(
    SettingName(key: "listen", environment: "AIOND_LISTEN"),
    .text("an address such as 127.0.0.1:7400"), standard: "127.0.0.1:7400")
  static let peers = Setting(
    SettingName(key: "cluster.peers", environment: "AIOND_CLUSTER_PEERS", flag: "--peer"),
    .list(of: .text("an address", limit: 12), limit: 3), standard: [])
  static let token = Setting(
    SettingName(key: "client.token", environment: "AIOND_CLIENT_TOKEN"),
    .optional(.text("at most 8 bytes", limit: 8)), standard: nil, isSecret: true)
  static let timeout = Setting(
    SettingName(key: "timeout", environment: "AIOND_TIMEOUT"),
    .duration(.milliseconds(10) ... .seconds(3_600)), standard: .seconds(5))
  static let cache = Setting(
    SettingName(key: "cache", environment: "AIOND_CACHE"),
    .byteCount(.kibibytes(4) ... .gibibytes(8)), standard: .mebibytes(64))
  static let level = Setting(
    SettingName(key: "log_level", environment: "AIOND_LOG_LEVEL"), .choice,
    standard: Level.quiet)
  static let threads = Setting(
    SettingName(key: "threads", environment: "AIOND_THREADS"), .number(1...64), standard: 2)
  static let verbose = Setting(
    SettingName(key: "verbose", environment: "AIOND_VERBOSE"), .flag, standard: false)

  static let prefixes = ["AIOND_", ShardingKey.environmentPrefix]
}

/// The values of `Settings`, read.
struct ServerConfiguration: Equatable {
  var listen: String
  var peers: [String]
  var token: String?
  var timeout: Duration
  var cache: ByteCount
  var level: Settings.Level
  var threads: Int
  var isVerbose: Bool

  init(from reading: inout ConfigurationReading) {
    listen = reading.read(Settings.listen)
    peers = reading.read(Settings.peers)
    token = reading.read(Settings.token)
    timeout = reading.read(Settings.timeout)
    cache = reading.read(Settings.cache)
    level = reading.read(Settings.level)
    threads = reading.read(Settings.threads)
    isVerbose = reading.read(Settings.verbose)
  }
}

/// Reads all of `Settings`; the refusal as text when there is one.
func read(
  _ layers: ConfigurationLayer...
) -> (configuration: ServerConfiguration, effective: EffectiveConfiguration?, refusal: String) {
  var reading = ConfigurationReading(layers)
  let configuration = ServerConfiguration(from: &reading)
  do throws(ConfigurationRefusal) {
    return (configuration, try reading.finish(), "")
  } catch {
    return (configuration, nil, "\(error)")
  }
}
