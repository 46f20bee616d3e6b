import AionModel
public import AionRPC
public import ArgumentParser

/// Where the servers are, and what they are shown.
struct Connection: ParsableArguments {
  @Option(
    name: [.customShort("s"), .long],
    help: ArgumentHelp("A server, host:port; several for several.", valueName: "address"),
    completion: .default)
  var server: [Address] = [Address(host: "127.0.0.1", port: 7400)]

  @Option(help: "Seconds that a call may take, with all its retries.")
  var timeout = 10.0

  @Option(help: "A file that holds the token to show.", completion: .file())
  var tokenFile: String?

  @Option(help: "A certificate to show (PEM); with --key and --authority.", completion: .file())
  var certificate: String?

  @Option(help: "The certificate's key (PEM).", completion: .file())
  var key: String?

  @Option(help: "The authority whose certificates are believed (PEM).", completion: .file())
  var authority: String?

  @Option(name: [.customShort("o"), .long], help: "How to print: table or json.")
  var output = Format.table

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  func validate() throws {
    let files = [certificate, key, authority]
    guard files.allSatisfy({ $0 == nil }) || files.allSatisfy({ $0 != nil }) else {
      throw ValidationError("--certificate, --key and --authority go together")
    }
    guard timeout > 0, timeout <= 86_400 else {
      throw ValidationError("--timeout is between 0 and 86400 seconds")
    }
  }

  private func plane() throws -> RemoteControlPlane {
    var configuration = RemoteConfiguration(
      addresses: server, name: "aionctl", seed: .random(in: 0...UInt64.max))
    configuration.timeout = .seconds(timeout)
    configuration.token = try tokenFile.map(firstLine)
    if let certificate, let key, let authority {
      configuration.security = .tls(
        TLSFiles(certificate: certificate, key: key, authority: authority))
    }
    return RemoteControlPlane(configuration)
  }

  /// Runs `body` on the control plane, and tells a refusal by the exit code.
  func run(_ body: (RemoteControlPlane) async throws -> Void) async throws {
    let plane = try plane()
    do {
      try await body(plane)
    } catch let error as ClusterError {
      await plane.close()
      writeError("aionctl: \(error)")
      throw ExitCode(error.isUnknowable ? 2 : 1)
    }
    await plane.close()
  }

  /// Prints what `body` finds.
  func show(_ body: (RemoteControlPlane) async throws -> Sheet) async throws {
    try await run { plane in write(try await body(plane), as: output) }
  }
}

extension ClusterError {
  /// Whether it says nothing about what was asked, only about the way there.
  fileprivate var isUnknowable: Bool {
    switch self {
    case .unreachable: true
    default: leavesChangeOpen
    }
  }
}

extension Address: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
  public var defaultValueDescription: String { description }
}
