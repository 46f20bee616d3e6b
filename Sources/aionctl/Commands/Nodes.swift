import AionModel
import AionRPC
import ArgumentParser

struct Nodes: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The nodes that host shards.",
    subcommands: [List.self, Add.self, Mark.self, Remove.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the nodes.",
      discussion: """
        A node that has an agent shows its time to live, and the index at which it registered: \
        silent for so long, it is marked down. One without lives as it is marked.
        """)

    @OptionGroup var connection: Connection

    func run() async throws {
      try await connection.show { plane in
        var sheet = Sheet("node", "endpoint", "live", "draining", "ttl", "registered")
        for node in try await plane.nodes() {
          sheet.add(
            .text("\(node.id)"), .text(node.rpcEndpoint), .flag(node.isLive),
            .flag(node.isDraining), Sheet.Cell(node.registration?.timeToLive),
            node.registration.map { .number($0.epoch.rawValue) } ?? .none)
        }
        return sheet
      }
    }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Register a node, or replace what is known of it.")

    @Argument(help: "Its name.") var node: NodeID
    @Argument(help: "Where it is reached.") var endpoint: String
    @OptionGroup var connection: Connection

    func run() async throws {
      let descriptor = NodeDescriptor(id: node, rpcEndpoint: endpoint)
      try await connection.run { try await $0.upsertNode(descriptor) }
    }
  }

  struct Mark: AsyncParsableCommand {
    enum Mark: String, ExpressibleByArgument, CaseIterable { case live, down, draining, staying }

    static let configuration = CommandConfiguration(
      abstract: "Say whether a node lives, or is being taken out of service.",
      discussion: """
        A node that is marked down stays down, whatever its agent says, until it is marked live. \
        One that went down because its agent was silent comes back by itself.
        """)

    @Argument(help: "Its name.") var node: NodeID
    @Argument(help: "live, down, draining or staying.") var mark: Mark
    @OptionGroup var connection: Connection

    func run() async throws {
      try await connection.run { plane in
        switch mark {
        case .live: try await plane.markNode(node, live: true)
        case .down: try await plane.markNode(node, live: false)
        case .draining: try await plane.markNode(node, draining: true)
        case .staying: try await plane.markNode(node, draining: false)
        }
      }
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Forget a node that hosts no replica.")

    @Argument(help: "Its name.") var node: NodeID
    @OptionGroup var connection: Connection

    func run() async throws { try await connection.run { try await $0.removeNode(node) } }
  }
}
