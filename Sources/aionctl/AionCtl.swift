import AionModel
import AionRPC
import ArgumentParser

@main
struct AionCtl: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aionctl",
    abstract: "Look at a control plane over the network, and change it.",
    discussion: """
      Finds the leader by way of whichever server answers. A change is made once, whatever is lost \
      on the way.

      Exit codes: 0 done; 1 refused, with the reason on standard error; 2 no server can be \
      reached, or what became of a change is not known; 64 usage.

      Completion: aionctl --generate-completion-script bash|zsh|fish
      """,
    version: "aionctl \(Release.version), protocol \(ProtocolVersion.supported.upperBound)",
    subcommands: [
      Status.self, Members.self, Databases.self, Roles.self, Nodes.self, Shards.self, Resolve.self,
      Changes.self, Transactions.self, Maintenance.self, Snapshot.self, Compact.self,
      Certificates.self,
    ])
}
