import AionModel
import AionRPC
import ClusterRig
import Foundation

/// The same three `aiond`, asked at their leader as the other service is asked by `h2load`: by one
/// thread that sends a request which was made up before, and looks at what comes whether it is an
/// answer. What is measured is the service, and not the client beside it.
///
/// As with the other service nothing is told from its repetition: writes have no session.
struct BareAiondService: MeasuredService {
  let name = "aiond, bare"
  let rig: ClusterRig
  let record: BenchmarkRecord

  var processes: [Int32] { rig.processIdentifiers }

  func run(
    _ request: ServiceRequest, by clients: ClientNumbers, for seconds: Int
  ) async throws -> ServiceFigures {
    let leader = try await rig.leader()
    let before = try await applied(at: leader)
    let load = BareLoad(
      operation: operation(for: request), port: rig.addresses[leader - 1].port, clients: clients,
      seconds: Double(seconds))
    let latencies = try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try load.run() }) }
    }
    let grown = try await applied(at: leader) - before
    // Entries are applied for those that were under way when the time was over, too.
    guard request == .read || grown >= latencies.count else {
      throw BenchmarkFailure("aiond answered \(latencies.count) writes and applied \(grown)")
    }
    return ServiceFigures(latencies: latencies, in: Double(seconds))
  }

  private func operation(for request: ServiceRequest) -> AionRPC.Operation {
    switch request {
    case .write: .propose(CommandBatch(.upsertRole(record.role)))
    case .read: .read(.roleNamed(record.role.name), .linearizable)
    }
  }

  private func applied(at number: Int) async throws -> Int {
    guard let index = await rig.metric("aion_raft_applied_index", of: number) else {
      throw BenchmarkFailure("aiond shows no metrics")
    }
    return Int(index)
  }
}
