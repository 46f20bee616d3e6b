import AionModel
import AionRPC
import ArgumentParser

struct Members: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Who belongs to the group.",
    subcommands: [List.self, Add.self, Promote.self, Remove.self, Transfer.self],
    defaultSubcommand: List.self)

  static func sheet(of status: ServiceStatus) -> Sheet {
    var sheet = Sheet("replica", "name", "address", "votes", "leads", "matched")
    for member in status.members {
      sheet.add(
        .number(member.peer.replica.rawValue), .text(member.peer.name),
        .text(member.peer.address), .flag(member.votes),
        .flag(member.peer.replica == status.leader),
        member.matched.map { .number($0.rawValue) } ?? .none)
    }
    return sheet
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the members.")

    @OptionGroup var connection: Connection

    func run() async throws {
      try await connection.show { Members.sheet(of: try await $0.status()) }
    }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take a replica in, as a learner.",
      discussion: "Its id must never have been used before.")

    @Argument(help: "The replica's id.") var replica: UInt64
    @Argument(help: "Its name.") var name: String
    @Argument(help: "Where others reach it, host:port.") var address: Address
    @OptionGroup var connection: Connection

    func run() async throws {
      let peer = PeerIdentity(replica: ReplicaID(replica), name: name, address: "\(address)")
      try await connection.show { Members.sheet(of: try await $0.manage(.add(peer))) }
    }
  }

  struct Promote: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Let a learner vote.")

    @Argument(help: "The replica's id.") var replica: UInt64
    @OptionGroup var connection: Connection

    func run() async throws {
      try await connection.show {
        Members.sheet(of: try await $0.manage(.promote(ReplicaID(replica))))
      }
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let a replica be a member no longer.")

    @Argument(help: "The replica's id.") var replica: UInt64
    @OptionGroup var connection: Connection

    func run() async throws {
      try await connection.show {
        Members.sheet(of: try await $0.manage(.remove(ReplicaID(replica))))
      }
    }
  }

  struct Transfer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Hand the leadership to another voter.",
      discussion: "Without an id, to the one that has the most of the log.")

    @Argument(help: "The replica's id.") var replica: UInt64?
    @OptionGroup var connection: Connection

    func run() async throws {
      try await connection.show {
        let target = replica.map { ReplicaID($0) }
        return Members.sheet(of: try await $0.manage(.transferLeadership(to: target)))
      }
    }
  }
}
