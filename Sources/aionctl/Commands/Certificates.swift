import AionModel
import AionRPC
import ArgumentParser
import Foundation

struct Certificates: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certs",
    abstract: "Make an authority and certificates, for development and for tests.",
    discussion: """
      All in one directory: ca.pem and ca.key, replica-NAME.pem and .key, node-NAME.pem and .key, \
      client-NAME.pem and .key, and revoked.txt. Keys are their owner's alone to read, and nothing \
      is overwritten. Keep ca.key away from the servers: whoever has it can become anyone.

      The program openssl does the work; Docs/Operations.md says how to use what it makes.
      """,
    subcommands: [CA.self, Replica.self, Node.self, Client.self, Revoke.self, List.self])

  /// What all that make a certificate have in common.
  struct Making: ParsableArguments {
    @Option(
      name: .shortAndLong, help: "Where the files are.", completion: .directory)
    var directory = "certs"

    @Option(help: "The kind of key.")
    var keyType = CertificateOrder.KeyType.p256

    @Option(
      help: ArgumentHelp(
        """
        From when on it holds, such as 2026-03-01 or 2026-03-01T12:00:00Z (default: an hour ago, \
        since clocks differ).
        """, valueName: "time"))
    var notBefore: StartTime?

    @OptionGroup var printing: Printing

    /// - Parameter days: How long it is to hold.
    func make(
      _ holder: CertificateOrder.Holder, named name: String, at hosts: [CertificateHost] = [],
      days: Int
    ) throws {
      guard (1...36_500).contains(days) else { throw ValidationError("--days is 1 to 36500") }
      let start = notBefore?.time ?? .now
      let order = CertificateOrder(
        holder: holder, name: name, hosts: hosts, key: keyType,
        notBefore: notBefore?.time ?? start.advanced(bySeconds: -3_600),
        notAfter: start.advanced(bySeconds: Int64(days) * 86_400))
      let folder = CertificateFolder(path: directory)
      let certificate = try Certificates.explained {
        () throws(CertificateFault) in try CertificateMaker(folder: folder).make(order)
      }
      printing.print(sheet(of: certificate, order, in: folder))
    }

    private func sheet(
      of certificate: Certificate, _ order: CertificateOrder, in folder: CertificateFolder
    ) -> Sheet {
      var sheet = Sheet("holder", "certificate", "key", "authority", "hosts", "until")
      sheet.add(
        .text(order.isAuthority ? "authority" : "\(certificate.claims)"),
        .text(folder.certificate(order.fileName)), .text(folder.key(order.fileName)),
        .text(folder.authority.certificate), .list(certificate.hosts),
        .text(certificate.notAfter.day))
      return sheet
    }
  }

  /// Tells a fault, and exits with 1.
  static func explained<Result>(
    _ body: () throws(CertificateFault) -> Result
  ) throws -> Result {
    do throws(CertificateFault) { return try body() } catch {
      writeError("aionctl: \(error)")
      throw ExitCode(1)
    }
  }
}

extension CertificateOrder {
  fileprivate var isAuthority: Bool { if case .authority = holder { true } else { false } }
}

extension CertificateOrder.KeyType: ExpressibleByArgument {}

// MARK: - Making

extension Certificates {
  struct CA: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make the authority that certifies the others.")

    @Option(help: "What it calls itself (default: a name that no other authority has).")
    var name: CertificateName?

    @Option(help: "Days that it holds.") var days = 3_650
    @OptionGroup var making: Making

    func run() async throws {
      // Two authorities of one name confuse those who are to tell one from the other.
      let mark = String(UInt32.random(in: 0...UInt32.max), radix: 36)
      try making.make(.authority, named: name?.text ?? "aion-authority-\(mark)", days: days)
    }
  }

  struct Replica: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a certificate for a replica: for aiond --name NAME.",
      discussion: """
        It holds for the replica of this name only, as a server and towards other replicas. A \
        process that has it may join.
        """)

    @Argument(help: "The replica's name.") var name: CertificateName

    @Option(
      help: ArgumentHelp(
        "A name or address at which others dial it; several for several.", valueName: "host"))
    var host: [CertificateHost] = CertificateHost.loopback

    @Option(help: "Days that it holds.") var days = 365
    @OptionGroup var making: Making

    func run() async throws {
      try making.make(.replica, named: name.text, at: host, days: days)
    }
  }

  struct Node: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a certificate for a node of the database.",
      discussion: """
        Its agent registers the node of this name only, and is heard of as that one only; it \
        writes. It serves where others have fragments executed.
        """)

    @Argument(help: "The node's name.") var name: CertificateName

    @Option(
      help: ArgumentHelp(
        "A name or address at which others dial it; several for several.", valueName: "host"))
    var host: [CertificateHost] = CertificateHost.loopback

    @Option(help: "Days that it holds.") var days = 365
    @OptionGroup var making: Making

    func run() async throws { try making.make(.node, named: name.text, at: host, days: days) }
  }

  struct Client: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a certificate for a client: for aionctl, or an application.")

    @Argument(help: "The client's name.") var name: CertificateName
    @Option(help: "What it may do.") var role: ClientRole
    @Option(help: "Days that it holds.") var days = 365
    @OptionGroup var making: Making

    func run() async throws {
      try making.make(.client(role), named: name.text, days: days)
    }
  }
}
