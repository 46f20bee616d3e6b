import AionCatalog
import AionModel
import AionPlacement
import AionRPC
import ArgumentParser

struct Maintenance: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Repair shards and balance their leaders.",
    discussion: """
      Shows what one pass would do, and why, on a copy of the state; with --apply it is done, \
      shard by shard, where everything still is as planned.
      """)

  @Argument(help: "The database's name.") var database: String
  @Flag(help: "Do it.") var apply = false
  @OptionGroup var connection: Connection

  func run() async throws {
    try await connection.show { plane in
      let id = try await plane.id(ofDatabase: database)
      guard !apply else {
        return sheet(of: try await maintainReplication(of: id, on: plane), isDone: true)
      }
      let copy = InMemoryControlPlane(log: InMemoryLog(try await plane.snapshot()))
      return sheet(of: try await maintainReplication(of: id, on: copy), isDone: false)
    }
  }

  private func sheet(of outcome: ReplicationMaintenanceOutcome, isDone: Bool) -> Sheet {
    var sheet = Sheet("step", "status", "plan")
    let steps = [
      ("promote", outcome.promotions), ("repair", outcome.repairs), ("move", outcome.replicaMoves),
    ]
    for (step, outcomes) in steps {
      for outcome in outcomes {
        let status = isDone ? "\(outcome.status)" : "planned"
        sheet.add(.text(step), .text(status), .text("\(outcome.plan)"))
      }
    }
    for outcome in outcome.transfers {
      let status = isDone ? "\(outcome.status)" : "planned"
      sheet.add("lead", .text(status), .text("\(outcome.plan)"))
    }
    return sheet
  }
}
