import AionConfiguration
import AionModel
import AionPlacement
import AionRPC
import AionServer
import Logging

/// Every setting of `aiond`: its name in a file and in the environment, its form, its default.
enum DaemonSettings {
  /// Variables of the environment that are nobody else's.
  static let prefixes = ["AIOND_", ShardingKey.environmentPrefix]

  static let data = Setting(
    name("data"), .optional(.text("the path of the data directory")), standard: nil)
  static let processName = Setting(
    name("name"), .text("a name of up to 255 bytes", limit: 255), standard: "local")
  static let listen = Setting(name("listen"), .optional(.address), standard: nil)
  static let advertise = Setting(name("advertise"), .optional(.address), standard: nil)
  static let http = Setting(
    name("http"), .optional(.address), standard: Address(host: "127.0.0.1", port: 7_480))
  static let initialCluster = Setting(
    name("initial_cluster"), .optional(.text("name=host:port, separated by commas")),
    standard: nil)
  static let join = Setting(name("join"), .list(of: .address, limit: 16), standard: [])
  static let joinToken = Setting(name("join_token_file"), .optional(.path), standard: nil)
  static let joinPatience = Setting(
    name("join_patience"), .duration(.seconds(1) ... .seconds(3_600)), standard: .seconds(60))

  static let certificate = Setting(name("tls.certificate"), .optional(.path), standard: nil)
  static let key = Setting(name("tls.key"), .optional(.path), standard: nil)
  static let authority = Setting(name("tls.authority"), .optional(.path), standard: nil)
  static let revoked = Setting(name("tls.revoked"), .optional(.path), standard: nil)
  static let tokens = Setting(name("tokens"), .optional(.path), standard: nil)
  static let anonymous = Setting(
    name("anonymous"), .optional(.choice), standard: AnonymousRole?.none)
  static let insecure = Setting(name("insecure_beyond_loopback"), .flag, standard: false)

  static let heartbeat = Setting(
    name("heartbeat"), .duration(.milliseconds(5) ... .seconds(10)), standard: .milliseconds(100))
  static let electionHeartbeats = Setting(
    name("election_heartbeats"), .number(2...100), standard: 10)
  static let gathering = Setting(
    name("gathering"), .duration(.zero ... .milliseconds(100)), standard: .milliseconds(2))
  static let snapshotAfter = Setting(
    name("snapshot_after"), .byteCount(.kibibytes(64) ... .gibibytes(64)),
    standard: .mebibytes(256))
  static let keptEntries = Setting(name("kept_entries"), .number(1...10_000_000), standard: 10_000)
  static let queuedWrites = Setting(
    name("queued_writes"), .number(1...1_000_000), standard: 65_536)
  static let connections = Setting(name("connections"), .number(1...100_000), standard: 4_096)

  static let minimumTTL = Setting(
    name("nodes.minimum_ttl"), .duration(.milliseconds(100) ... .seconds(3_600)),
    standard: .seconds(1))
  static let maximumTTL = Setting(
    name("nodes.maximum_ttl"), .duration(.milliseconds(100) ... .seconds(30 * 86_400)),
    standard: .seconds(3_600))
  static let maintenanceInterval = Setting(
    name("maintenance.interval"), .optional(.duration(.milliseconds(100) ... .seconds(86_400))),
    standard: .seconds(10))

  static let logFormat = Setting(name("log.format"), .choice, standard: LogFormat.text)
  static let logLevel = Setting(name("log.level"), .choice, standard: Logger.Level.info)

  private static func name(_ key: String) -> SettingName {
    let words = key.map { $0 == "." ? "_" : $0 }
    return SettingName(key: key, environment: "AIOND_" + String(words).uppercased())
  }
}

/// What clients without certificate or token may do.
enum AnonymousRole: String, CaseIterable, Sendable {
  case none, reader, writer, admin

  var role: ClientRole? {
    switch self {
    case .none: nil
    case .reader: .reader
    case .writer: .writer
    case .admin: .admin
    }
  }
}

extension ValueForm<Address> {
  static var address: ValueForm {
    ValueForm(allowed: "host:port, such as 127.0.0.1:7400 or [::1]:7400") {
      text throws(ValueComplaint) in
      guard let address = Address(text) else { throw ValueComplaint() }
      return address
    } written: {
      $0.description
    }
  }
}

extension ValueForm<String> {
  static var path: ValueForm { .text("the path of a file") }
}
