import AionCluster
import AionConfiguration
import AionModel
import AionPlacement
import AionRPC
import AionServer
import Foundation
import Logging

/// The settings in force, read.
struct DaemonConfiguration {
  let server: ServerConfiguration
  let logFormat: LogFormat
  let logLevel: Logger.Level
  /// As `--print-config` shows it.
  let effective: EffectiveConfiguration

  /// - Throws: As the other one, and `ConfigurationFileFault`.
  init(_ sources: DaemonSources) async throws { try self.init(await sources.layers()) }

  /// - Throws: `ConfigurationRefusal` with all that is wrong; `ServerFault.configuration` for what
  ///   is wrong in files that settings name.
  init(_ layers: [ConfigurationLayer]) throws {
    var reading = ConfigurationReading(layers)
    let directory = reading.read(DaemonSettings.data)
    if directory == nil { reading.refuse(DaemonSettings.data, complaint: "it must be given") }
    let name = Self.name(&reading)
    let beginning = Self.beginning(&reading)
    var server = ServerConfiguration(
      directory: directory ?? "", name: name, listen: Self.listen(&reading, name, beginning),
      beginning: beginning)
    server.advertise = reading.read(DaemonSettings.advertise)
    server.pages = reading.read(DaemonSettings.http)
    server.joinPatience = reading.read(DaemonSettings.joinPatience)
    server.security = Self.security(&reading)
    let access = DaemonAccess(&reading)
    server.tick = reading.read(DaemonSettings.heartbeat)
    server.electionTicks = reading.read(DaemonSettings.electionHeartbeats)
    server.gathering = reading.read(DaemonSettings.gathering)
    server.storage.snapshotAfter = reading.read(DaemonSettings.snapshotAfter)
    server.storage.keptEntries = reading.read(DaemonSettings.keptEntries)
    server.storage.maximumQueuedWrites = reading.read(DaemonSettings.queuedWrites)
    server.limits.connections = reading.read(DaemonSettings.connections)
    server.nodes = Self.nodes(&reading)
    server.maintenanceInterval = reading.read(DaemonSettings.maintenanceInterval)
    logFormat = reading.read(DaemonSettings.logFormat)
    logLevel = reading.read(DaemonSettings.logLevel)
    server.sharding = reading.readSharding()
    effective = try reading.finish()
    server.policy = try access.policy(for: server.security)
    server.joinToken = try access.joinToken()
    self.server = server
  }

  private static func name(_ reading: inout ConfigurationReading) -> NodeID {
    let text = reading.read(DaemonSettings.processName)
    do throws(ClusterError) { return try NodeID(text) } catch {
      reading.refuse(DaemonSettings.processName, complaint: error.message)
      return .local
    }
  }

  private static func beginning(_ reading: inout ConfigurationReading) -> ServerBeginning {
    let list = reading.read(DaemonSettings.initialCluster)
    let addresses = reading.read(DaemonSettings.join)
    guard let list else { return addresses.isEmpty ? .alone : .joining(addresses) }
    if !addresses.isEmpty {
      reading.refuse(
        DaemonSettings.join, complaint: "a process founds a group or joins one, not both")
    }
    do throws(ServerFault) { return .founding(try FoundingMember.list(list)) } catch {
      reading.refuse(DaemonSettings.initialCluster, complaint: "\(error)")
      return .alone
    }
  }

  private static func listen(
    _ reading: inout ConfigurationReading, _ name: NodeID, _ beginning: ServerBeginning
  ) -> Address {
    if let address = reading.read(DaemonSettings.listen) { return address }
    if case .founding(let members) = beginning,
      let own = members.first(where: { $0.name == name })
    {
      return own.address
    }
    return Address(host: "127.0.0.1", port: 7_400)
  }

  private static func nodes(_ reading: inout ConfigurationReading) -> NodeSettings {
    var nodes = NodeSettings()
    nodes.minimumTimeToLive = reading.read(DaemonSettings.minimumTTL)
    nodes.maximumTimeToLive = reading.read(DaemonSettings.maximumTTL)
    if nodes.minimumTimeToLive > nodes.maximumTimeToLive {
      reading.refuse(
        DaemonSettings.minimumTTL,
        complaint: "it is above \(DaemonSettings.maximumTTL.name.key)")
    }
    return nodes
  }

  private static func security(_ reading: inout ConfigurationReading) -> TransportSecurity {
    let isInsecure = reading.read(DaemonSettings.insecure)
    let certificate = reading.read(DaemonSettings.certificate)
    let key = reading.read(DaemonSettings.key)
    let authority = reading.read(DaemonSettings.authority)
    switch (certificate, key, authority) {
    case (nil, nil, nil): return .plaintext(beyondLoopback: isInsecure)
    case (let certificate?, let key?, let authority?):
      var files = TLSFiles(certificate: certificate, key: key, authority: authority)
      files.revoked = reading.read(DaemonSettings.revoked)
      return .tls(files)
    default:
      reading.refuse(
        DaemonSettings.certificate, complaint: "tls: certificate, key and authority go together")
      return .plaintext()
    }
  }
}

/// Who may do what.
private struct DaemonAccess {
  private let tokenFile: String?
  private let revokedFile: String?
  private let joinTokenFile: String?
  private let anonymous: AnonymousRole?

  init(_ reading: inout ConfigurationReading) {
    tokenFile = reading.read(DaemonSettings.tokens)
    revokedFile = reading.read(DaemonSettings.revoked)
    if revokedFile != nil, reading.read(DaemonSettings.certificate) == nil {
      reading.refuse(DaemonSettings.revoked, complaint: "it goes with tls.certificate")
    }
    joinTokenFile = reading.read(DaemonSettings.joinToken)
    anonymous = reading.read(DaemonSettings.anonymous)
  }

  func policy(for security: TransportSecurity) throws(ServerFault) -> AccessPolicy {
    let isTLS = if case .tls = security { true } else { false }
    let standard: AnonymousRole = isTLS ? .none : .admin
    var policy = AccessPolicy(
      tokens: try tokens(), anonymousRole: (anonymous ?? standard).role,
      requiresReplicaCertificate: isTLS)
    policy.requiresNodeCertificate = isTLS
    policy.revoked = try revoked()
    return policy
  }

  /// The first line of its file.
  func joinToken() throws(ServerFault) -> String? {
    guard let joinTokenFile else { return nil }
    guard let text = try? String(contentsOfFile: joinTokenFile, encoding: .utf8) else {
      throw .configuration("join_token_file: cannot read \(joinTokenFile)")
    }
    let token = String(text.prefix { !$0.isWhitespace })
    guard !token.isEmpty else {
      throw .configuration("join_token_file: the first line of \(joinTokenFile) is no token")
    }
    return token
  }

  private func revoked() throws(ServerFault) -> RevocationList {
    guard let revokedFile else { return RevocationList() }
    do throws(TLSFault) { return try RevocationList(file: revokedFile) } catch {
      throw .configuration("tls.revoked: \(error)")
    }
  }

  private func tokens() throws(ServerFault) -> [AccessToken] {
    guard let tokenFile else { return [] }
    guard let text = try? String(contentsOfFile: tokenFile, encoding: .utf8) else {
      throw .configuration("tokens: cannot read \(tokenFile)")
    }
    var found: [AccessToken] = []
    for (number, line) in zip(1..., text.split(separator: "\n", omittingEmptySubsequences: false))
    where !line.hasPrefix("#") && !line.isEmpty {
      let words = line.split(separator: " ")
      guard words.count == 2, let role = AnonymousRole(rawValue: String(words[0]))?.role else {
        throw .configuration("tokens: line \(number) of \(tokenFile) is not 'role token'")
      }
      found.append(AccessToken(String(words[1]), role: role))
    }
    return found
  }
}
