import AionPlacement
import AionRPC
import Synchronization

/// What a process has done for nodes and shards since it was started. They are read, and decide
/// nothing.
final class NodeMeters: Sendable {
  /// Of agents, while this process led.
  let heartbeats = Meter()
  /// Heartbeats of nodes that are held down, superseded or removed.
  let hopelessHeartbeats = Meter()
  let registrations = Meter()
  /// Nodes that were marked down for being silent.
  let expirations = Meter()
  /// Nodes that said goodbye.
  let departures = Meter()
  let passes = Meter()
  let failedPasses = Meter()

  /// Plans by what they are for and what became of them.
  enum Step: String, CaseIterable { case promote, repair, move, lead }

  /// How many were carried out, and how many were not because the state had moved on.
  struct Plans {
    var applied = 0
    var skipped = 0

    fileprivate mutating func count(_ areApplied: [Bool]) {
      let applied = areApplied.count { $0 }
      self.applied += applied
      skipped += areApplied.count - applied
    }
  }

  private let plans = Mutex<[Step: Plans]>([:])

  func plans(of step: Step) -> Plans { plans.withLock { $0[step] ?? Plans() } }

  func count(_ outcome: ReplicationMaintenanceOutcome) {
    passes.add()
    plans.withLock { plans in
      plans[.promote, default: Plans()].count(outcome.promotions.map(\.status.isApplied))
      plans[.repair, default: Plans()].count(outcome.repairs.map(\.status.isApplied))
      plans[.move, default: Plans()].count(outcome.replicaMoves.map(\.status.isApplied))
      plans[.lead, default: Plans()].count(outcome.transfers.map(\.status.isApplied))
    }
  }
}
