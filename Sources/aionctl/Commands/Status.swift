import AionModel
import AionRPC
import ArgumentParser

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "How each replica stands.",
    discussion: """
      LAG is how many entries it has yet to apply of those that the leader committed; DISK is what \
      its data directory takes, FREE what is left for it, in bytes with -o json.
      """)

  @OptionGroup var connection: Connection

  func run() async throws {
    try await connection.show { plane in
      // Whoever answers first names the others.
      _ = try await plane.status()
      var heard: [(Address, Result<ServiceStatus, ClusterError>)] = []
      for address in plane.addresses {
        do throws(ClusterError) {
          heard.append((address, .success(try await plane.status(at: address))))
        } catch {
          heard.append((address, .failure(error)))
        }
      }
      return sheet(of: heard)
    }
  }

  private func sheet(of heard: [(Address, Result<ServiceStatus, ClusterError>)]) -> Sheet {
    var sheet = Sheet(
      "address", "replica", "name", "role", "term", "committed", "applied", "lag", "snapshot",
      "queued", "disk", "free", "release", "problem")
    let committed = heard.compactMap { try? $0.1.get().committed }.max() ?? .zero
    for (address, outcome) in heard {
      switch outcome {
      case .failure(let error):
        sheet.add(
          .text("\(address)"), .none, .none, .none, .none, .none, .none, .none, .none, .none, .none,
          .none, .none, .text(error.message))
      case .success(let status):
        sheet.add(
          .text("\(address)"), .number(status.replica.replica.rawValue),
          .text(status.replica.name), .text("\(status.role)"), .number(status.term.rawValue),
          .number(status.committed.rawValue), .number(status.applied.rawValue),
          .number(committed.rawValue - min(committed.rawValue, status.applied.rawValue)),
          .number(status.snapshot.rawValue), .number(UInt64(status.queuedWrites)),
          Sheet.Cell(status.usedSpace), Sheet.Cell(status.freeSpace),
          status.release.isEmpty ? .none : .text(status.release), Sheet.Cell(status.problem))
      }
    }
    return sheet
  }
}
