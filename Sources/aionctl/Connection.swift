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

  @Option(
    help: "Seconds that a call may take, with all its retries; one server gets a fifth.")
  var timeout = 10.0

  @Option(help: "A file that holds the token to show.", completion: .file())
  var tokenFile: String?

  @Option(
    help: "The authority whose certificates are believed (PEM): speak TLS.", completion: .file())
  var authority: String?

  @Option(help: "A certificate to show (PEM); with --key and --authority.", completion: .file())
  var certificate: String?

  @Option(help: "The certificate's key (PEM).", completion: .file())
  var key: String?

  @Option(
    help: "A list of certificates that are believed no more, a server's too; with --authority.",
    completion: .file())
  var revoked: String?

  @OptionGroup var printing: Printing

  func validate() throws {
    guard revoked == nil || authority != nil else {
      throw ValidationError("--revoked needs --authority: without TLS nobody shows a certificate")
    }
    guard (certificate == nil) == (key == nil) else {
      throw ValidationError("--certificate and --key go together")
    }
    guard certificate == nil || authority != nil else {
      throw ValidationError("--certificate needs --authority: whose certificates to believe")
    }
    guard timeout > 0, timeout <= 86_400 else {
      throw ValidationError("--timeout is between 0 and 86400 seconds")
    }
  }

  private func plane() throws -> RemoteControlPlane {
    var configuration = RemoteConfiguration(
      addresses: server, name: "aionctl", seed: .random(in: 0...UInt64.max))
    configuration.timeout = .seconds(timeout)
    configuration.attemptTimeout = .seconds(timeout / 5)
    configuration.token = try tokenFile.map(firstLine)
    if let authority {
      let identity = certificate.flatMap { certificate in
        key.map { TLSFiles.Identity(certificate: certificate, key: $0) }
      }
      configuration.security = .tls(
        TLSFiles(identity: identity, authority: authority, revoked: revoked))
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
    try await run { plane in printing.print(try await body(plane)) }
  }
}

extension ClusterError {
  /// Whether it says nothing about what was asked, only about the way there.
  fileprivate var isUnknowable: Bool {
    // Class 08: connection exceptions.
    leavesChangeOpen || sqlState.hasPrefix("08")
  }
}

extension Address: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
  public var defaultValueDescription: String { description }
}
