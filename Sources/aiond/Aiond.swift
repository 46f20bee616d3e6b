import AionConfiguration
import AionLog
import AionModel
import AionRPC
import AionServer
import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// One process of the replicated control plane.
@main
struct Aiond: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aiond",
    abstract: "Keeps a replica of the control plane, alone or as one of a group.",
    discussion: """
      aiond --data DIR is a group of one. --initial-cluster a=host:port,b=host:port,… founds a \
      group together with the others that are started with the same list. --join host:port asks a \
      member to be taken in, as a learner that votes once it has caught up. All three say nothing \
      of a directory that has begun: it goes on as what it is.

      SIGHUP reads certificates, authority, tokens and revoked certificates again.
      SIGTERM and SIGINT answer what was accepted, hand the leadership over and close the log.
      Ends with 0, or 64 for wrong options, 69 when it cannot listen, 74 when the directory cannot \
      be opened, 75 when nobody took it in, 76 when the group does not know its directory, 78 for \
      a configuration that cannot be.
      """,
    version: """
      aiond \(Release.version), protocol \(ProtocolVersion.supported.upperBound), files of version \
      \(FormatVersion.current), memory from \(Allocator.description)
      """)

  @OptionGroup var options: DaemonOptions

  func run() async throws {
    let configuration = try await configuration()
    if options.printConfig { return print(configuration.effective, terminator: "") }
    FileLimit.raise()
    let logger = Logger.lines(configuration.logFormat, from: configuration.logLevel, as: "aiond")
    do {
      let service = ReplicaService(
        configuration: configuration.server, sources: options.sources, logger: logger)
      var group = ServiceGroupConfiguration(
        services: [
          .init(
            service: service, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup)
        ],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
      group.maximumGracefulShutdownDuration = .seconds(60)
      try await ServiceGroup(configuration: group).run()
    } catch let fault as ServerFault {
      logger.critical("\(fault)")
      throw ExitCode(fault.exitCode)
    }
  }

  private func configuration() async throws -> DaemonConfiguration {
    do { return try await DaemonConfiguration(options.sources) } catch {
      FileHandle.standardError.write(Data("aiond: \(error)\n".utf8))
      throw ExitCode(ServerFault.configuration("").exitCode)
    }
  }
}

/// Runs the server until it is told to go, or cannot go on.
struct ReplicaService: Service {
  let configuration: ServerConfiguration
  let sources: DaemonSources
  let logger: Logger

  func run() async throws {
    // From the beginning on: one that comes early must not end the process.
    let hangups = await UnixSignalsSequence(trapping: .sighup)
    let server = try await cancelWhenGracefulShutdown {
      try await ReplicaServer.start(configuration, logger: logger)
    }
    let failure = await withTaskGroup(of: ServerFault?.self) { group in
      group.addTask {
        do throws(ServerFault) { try await server.untilFailed() } catch { return error }
        return nil
      }
      group.addTask {
        try? await gracefulShutdown()
        return nil
      }
      group.addTask {
        for await _ in hangups { await renew(server) }
        return nil
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
    await server.close()
    if let failure { throw failure }
  }

  private func renew(_ server: ReplicaServer) async {
    do {
      let configuration = try await DaemonConfiguration(sources).server
      try server.renew(configuration.security, configuration.policy)
    } catch {
      logger.error("kept what it had: \(error)")
    }
  }
}
