import AionConfiguration
import ArgumentParser
import Foundation

/// What `aiond` is told on its command line; each goes before the environment, and that before the
/// file.
struct DaemonOptions: ParsableArguments {
  @Option(help: "A file of settings (JSON with comments); --print-config writes one.")
  var config: String?

  @Flag(help: "Print every setting with its value and where that comes from, and end.")
  var printConfig = false

  @Option(help: "The data directory; made when it is missing.")
  var data: String?

  @Option(help: "The name that people know the process by (default: local).")
  var name: String?

  @Option(
    help: """
      Where to listen for replicas and clients (default: its own address in --initial-cluster, \
      else 127.0.0.1:7400).
      """)
  var listen: String?

  @Option(help: "Where others reach it (default: where it listens).")
  var advertise: String?

  @Option(
    help: """
      Where to show /healthz, /readyz, /status and /metrics (default: 127.0.0.1:7480); empty for \
      nowhere.
      """)
  var http: String?

  @Option(help: "Found a group: name=host:port,… the same list on each.")
  var initialCluster: String?

  @Option(help: "Join a group: addresses of members, host:port,…")
  var join: String?

  @Option(
    help: """
      A file with the token to show when joining: an admin's (default: a replica's certificate is \
      enough).
      """)
  var joinTokenFile: String?

  @Option(help: "The certificate of this process, PEM; with --tls-key and --tls-authority.")
  var tlsCertificate: String?

  @Option(help: "Its key, PEM.")
  var tlsKey: String?

  @Option(help: "The authority that others' certificates must come from, PEM.")
  var tlsAuthority: String?

  @Option(
    help: """
      A file with the serial numbers of certificates that are believed no more, one to a line.
      """)
  var tlsRevoked: String?

  @Option(help: "A file with a line 'role token' for each token: reader, writer or admin.")
  var tokens: String?

  @Option(
    help: """
      What clients without certificate or token may do: none, reader, writer or admin (default: \
      admin without TLS, none with it).
      """)
  var anonymous: String?

  @Flag(help: "Listen beyond loopback without TLS: whoever reaches it may do what anyone may.")
  var insecureBeyondLoopback = false

  @Option(help: "Time between a leader's heartbeats (default: 100ms).")
  var heartbeat: String?

  @Option(help: "Heartbeats that must fail to come before there is an election (default: 10).")
  var electionHeartbeats: String?

  @Option(help: "text or json (default: text).")
  var logFormat: String?

  @Option(help: "trace, debug, info, notice, warning, error or critical (default: info).")
  var logLevel: String?
}

/// Where the settings come from; they may be read again.
struct DaemonSources: Sendable {
  /// What was said on the command line, by the names of settings.
  let given: [String: String]
  let config: String?

  /// The layers in which settings are looked for, the first one first.
  ///
  /// - Throws: `ConfigurationFileFault`.
  func layers() async throws(ConfigurationFileFault) -> [ConfigurationLayer] {
    var layers = [
      ConfigurationLayer.flags(given),
      .environment(ProcessInfo.processInfo.environment, claiming: DaemonSettings.prefixes),
    ]
    if let config { layers.append(try await .file(config)) }
    return layers
  }
}

extension DaemonOptions {
  var sources: DaemonSources { DaemonSources(given: given, config: config) }

  private var given: [String: String] {
    var given: [String: String] = [:]
    let texts: [(SettingName, String?)] = [
      (DaemonSettings.data.name, data), (DaemonSettings.processName.name, name),
      (DaemonSettings.listen.name, listen), (DaemonSettings.advertise.name, advertise),
      (DaemonSettings.http.name, http), (DaemonSettings.initialCluster.name, initialCluster),
      (DaemonSettings.join.name, join), (DaemonSettings.joinToken.name, joinTokenFile),
      (DaemonSettings.certificate.name, tlsCertificate),
      (DaemonSettings.key.name, tlsKey), (DaemonSettings.authority.name, tlsAuthority),
      (DaemonSettings.revoked.name, tlsRevoked), (DaemonSettings.tokens.name, tokens),
      (DaemonSettings.anonymous.name, anonymous),
      (DaemonSettings.insecure.name, insecureBeyondLoopback ? "true" : nil),
      (DaemonSettings.heartbeat.name, heartbeat),
      (DaemonSettings.electionHeartbeats.name, electionHeartbeats),
      (DaemonSettings.logFormat.name, logFormat), (DaemonSettings.logLevel.name, logLevel),
    ]
    for (name, text) in texts { given[name.key] = text }
    return given
  }
}
