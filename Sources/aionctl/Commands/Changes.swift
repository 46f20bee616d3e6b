import AionCatalog
import AionModel
import AionRPC
import ArgumentParser

struct Changes: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What was changed, one line each.",
    discussion: """
      Without --from it begins with what comes next. A server keeps so many changes; asking for \
      older ones is refused with where those begin that it has.
      """)

  @Option(help: "The first index.") var from: UInt64?
  @Flag(name: .shortAndLong, help: "Go on as changes are made.") var follow = false
  @OptionGroup var connection: Connection

  func run() async throws {
    try await connection.run { plane in
      let now = try await plane.answer(to: .versions).index
      let start = from.map { LogIndex($0) } ?? now.next
      guard follow || start <= now else { return }
      var next = start
      while true {
        do {
          try await plane.follow(from: next) { page in
            for change in page.changes where follow || change.index <= now { print(change) }
            next = max(next, page.through.next)
            return follow || next <= now
          }
        } catch ClusterError.cancelled where !follow && next > now {
          return
        } catch ClusterError.unreachable where follow {
          // Somebody who follows wants to go on when a server is gone; whether there is another,
          // this finds out.
          _ = try await plane.answer(to: .versions)
        }
      }
    }
  }

  private func print(_ change: Change) {
    switch connection.printing.format {
    case .table:
      let refusal =
        if case .failure(let error) = change.outcome { "  refused: \(error.message)" } else { "" }
      writeLine("\(change.index)  \(change.batch)\(refusal)")
    case .json:
      var refusal: String?
      if case .failure(let error) = change.outcome { refusal = error.description }
      writeJSON(
        Line(
          index: change.index.rawValue, commands: change.batch.commands.map(\.description),
          session: change.batch.stamp?.session.rawValue, refused: refusal))
    }
  }

  private struct Line: Encodable {
    var index: UInt64
    var commands: [String]
    var session: UInt64?
    var refused: String?
  }
}
