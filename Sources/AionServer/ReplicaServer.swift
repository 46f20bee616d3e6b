public import AionCluster
import AionLog
import AionModel
import AionNode
public import AionRPC
public import Logging

/// One process of the replicated service: a replica, the connections of others and of clients,
/// and the pages for those who watch it.
public final class ReplicaServer: Sendable {
  /// What the process keeps; the same contracts as the embedded control plane's.
  public let plane: ReplicatedControlPlane
  /// Where it listens.
  public let address: Address
  /// Where it shows its pages.
  public let pagesAddress: Address?

  private let switchboard: Switchboard
  private let loop: ReplicaLoop
  private let endpoint: Endpoint
  private let pages: PageServer?
  private let failures: AsyncStream<ServerFault>
  /// What goes on beside: asking for a vote, watching nodes, maintaining shards.
  private let tasks: [Task<Void, Never>]
  private let configuration: ServerConfiguration
  private let certificate: CurrentCertificate
  private let logger: Logger

  private init(
    _ opened: Opened, _ configuration: ServerConfiguration, plane: ReplicatedControlPlane,
    endpoint: Endpoint, pages: PageServer?,
    tasks: [Task<Void, Never>], logger: Logger
  ) {
    self.plane = plane
    self.endpoint = endpoint
    self.pages = pages
    self.tasks = tasks
    self.configuration = configuration
    certificate = opened.certificate
    self.logger = logger
    switchboard = opened.switchboard
    loop = opened.loop
    failures = opened.failures
    address = endpoint.address
    pagesAddress = pages?.address
  }

  private struct Opened {
    var switchboard: Switchboard
    var failures: AsyncStream<ServerFault>
    var loop: ReplicaLoop
    var certificate: CurrentCertificate
  }

  /// Opens the directory, or begins it, and takes part in the group.
  ///
  /// One that is to join returns once it was taken in; it is promoted later, by itself.
  ///
  /// - Throws: `ServerFault`; nothing is left running then.
  public static func start(
    _ configuration: ServerConfiguration, logger: Logger
  ) async throws(ServerFault) -> ReplicaServer {
    let certificate = try OwnCertificate(configuration)
    certificate?.check(at: .now, logger: logger)
    let start = try await ServerStart(configuration, logger: logger)
    let (failures, fail) = AsyncStream<ServerFault>.makeStream()
    let switchboard = Switchboard(
      start.peer, of: start.identity.cluster, in: configuration.directory, book: start.book,
      watch: NodeWatch(configuration.nodes, logger: logger), logger: logger,
      giveUp: { fail.yield($0) })
    let loop = ReplicaLoop()
    let plane: ReplicatedControlPlane
    do throws(NodeFault) {
      plane = try await ReplicatedControlPlane.open(
        at: configuration.directory, configuration: start.replicaConfiguration(configuration),
        outlet: switchboard, on: loop)
    } catch {
      await loop.close()
      throw .directory(error)
    }
    switchboard.plug(plane)
    let opened = Opened(
      switchboard: switchboard, failures: failures, loop: loop,
      certificate: CurrentCertificate(certificate?.certificate))
    do throws(ServerFault) {
      return try await listen(opened, plane, start, configuration, logger)
    } catch {
      switchboard.unplug()
      await plane.close()
      await loop.close()
      throw error
    }
  }

  private static func listen(
    _ opened: Opened, _ plane: ReplicatedControlPlane, _ start: ServerStart,
    _ configuration: ServerConfiguration, _ logger: Logger
  ) async throws(ServerFault) -> ReplicaServer {
    let switchboard = opened.switchboard
    let endpoint: Endpoint
    do throws(ListenFault) {
      var setup = configuration.endpointSetup(for: plane, on: opened.loop)
      setup.notReached = { [weak switchboard] in switchboard?.notReached($0, because: $1) }
      endpoint = try await Endpoint.start(setup, for: switchboard)
    } catch {
      throw .listen(error)
    }
    let advertised = configuration.advertise ?? endpoint.address
    switchboard.plug(endpoint, address: "\(advertised)")
    let source = ServerPages(
      switchboard: switchboard, replicationFactor: configuration.sharding.replicationFactor,
      certificateEnd: { [certificate = opened.certificate] in certificate.value?.notAfter })
    let pages: PageServer?
    do throws(ServerFault) {
      pages = try await configuration.pageServer { source.page(at: $0) }
    } catch {
      await endpoint.close()
      throw error
    }
    logger.info(
      "listening",
      metadata: [
        "address": "\(endpoint.address)", "pages": "\(pages?.address.description ?? "none")",
        "cluster": "\(start.identity.cluster)", "replica": "\(start.identity.replica)",
        "name": "\(start.identity.nodeName)",
      ])
    let promotion = Promotion.task(configuration, switchboard: switchboard, logger: logger)
    let duties = configuration.duties(of: switchboard, logger)
    return ReplicaServer(
      opened, configuration, plane: plane, endpoint: endpoint, pages: pages,
      tasks: [promotion, Task { await duties.run() }].compactMap { $0 }, logger: logger)
  }

  /// Waits until the process has nothing more to do here; not at all when the task is cancelled.
  ///
  /// - Throws: Why, when it has not just been closed.
  public func untilFailed() async throws(ServerFault) {
    for await fault in failures { throw fault }
  }

  /// Reads the files of TLS again, and lets in by another policy: a certificate was renewed, an
  /// authority added, a certificate revoked, a token changed. Connections that are made from now on
  /// go by that; of those that there are only those end whose certificates have been revoked.
  ///
  /// - Throws: Why the files are of no use; everything stays as it was then.
  public func renew(
    _ security: TransportSecurity, _ policy: AccessPolicy
  ) throws(ServerFault) {
    var renewed = configuration
    renewed.security = security
    let own = try OwnCertificate(renewed)
    do throws(TLSFault) { try endpoint.renew(security, policy) } catch {
      throw .listen(.tls(error))
    }
    try pages?.renew(security)
    certificate.value = own?.certificate
    logger.info(
      "renewed",
      metadata: [
        "certificate": "\(own?.certificate.serial.description ?? "none")",
        "until": "\(own?.certificate.notAfter.description ?? "none")",
        "tokens": "\(policy.tokens.count)", "revoked": "\(policy.revoked.serials.count)",
      ])
    own?.check(at: .now, logger: logger)
  }

  /// Answers what was accepted, hands the leadership over, and closes the files.
  public func close() async {
    switchboard.leave()
    for task in tasks { task.cancel() }
    logger.info("leaving")
    await plane.close()
    // Those whose answers are ready get them; bounded, since a task may hang on a slow client.
    for _ in 0..<1_000 where switchboard.serving > 0 { await Task.yield() }
    switchboard.unplug()
    await endpoint.close()
    await loop.close()
    await pages?.close()
    logger.info("closed")
  }
}

extension ServerConfiguration {
  fileprivate func duties(of switchboard: Switchboard, _ logger: Logger) -> NodeDuties {
    NodeDuties(
      switchboard: switchboard, watch: switchboard.watch, lookInterval: nodes.lookInterval,
      maintenanceInterval: maintenanceInterval, sharding: sharding, logger: logger)
  }

  fileprivate func endpointSetup(
    for plane: ReplicatedControlPlane, on loop: ReplicaLoop
  ) -> Endpoint.Setup {
    var setup = Endpoint.Setup(address: listen, seed: .random(in: 0...UInt64.max))
    setup.threads = connectionThreads
    setup.peerLoop = loop.loop
    setup.security = security
    setup.policy = policy
    setup.limits = limits
    // A plane that was closed is not kept from going.
    setup.dropped = { [weak plane] in plane?.peerUnreachable($0) }
    setup.lost = { [weak plane] in plane?.peerLost($0) }
    return setup
  }

  fileprivate func pageServer(
    source: @escaping @Sendable (String) -> Page
  ) async throws(ServerFault) -> PageServer? {
    guard let pages else { return nil }
    return try await PageServer.start(at: pages, security: security) { source($0) }
  }
}
