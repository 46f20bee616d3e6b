import AionModel
import AionRPC
import ArgumentParser

struct Transactions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "txns",
    abstract: "Distributed transactions.",
    subcommands: [List.self, Abort.self, Forget.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the transactions that are remembered.")

    @Flag(help: "Only those that are not decided.") var undecided = false
    @OptionGroup var connection: Connection

    func run() async throws {
      try await connection.show { plane in
        let query = undecided ? Query.undecided : .transactions
        var sheet = Sheet("txn", "status", "decided", "shards", "participants")
        for txn in try await plane.answer(to: query).transactions {
          sheet.add(
            .number(txn.id.rawValue), .text("\(txn.status)"),
            txn.decidedAt.map { .number($0.rawValue) } ?? .none,
            .list(txn.scope.shards.map(\.description)),
            .list(txn.participants.map { "\($0.shard)@\($0.leader.map { "\($0)" } ?? "-")" }))
        }
        return sheet
      }
    }
  }

  struct Abort: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Abort a transaction.")

    @Argument(help: "Its id.") var txn: UInt64
    @OptionGroup var connection: Connection

    func run() async throws { try await connection.run { try await $0.abort(TxnID(txn)) } }
  }

  struct Forget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Forget a decided transaction.")

    @Argument(help: "Its id.") var txn: UInt64
    @OptionGroup var connection: Connection

    func run() async throws { try await connection.run { try await $0.forget(TxnID(txn)) } }
  }
}
