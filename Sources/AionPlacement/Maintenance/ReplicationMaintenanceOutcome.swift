/// Everything that one pass of maintenance planned, and what became of it.
public struct ReplicationMaintenanceOutcome: Hashable, Sendable, CustomStringConvertible {
  public internal(set) var promotions: [ReplicaRepairOutcome] = []
  public internal(set) var repairs: [ReplicaRepairOutcome] = []
  /// Empty unless replicas are balanced.
  public internal(set) var replicaMoves: [ReplicaRepairOutcome] = []
  public internal(set) var transfers: [LeadershipTransferOutcome] = []

  public init() {}

  /// Whether nothing was planned.
  public var isEmpty: Bool {
    promotions.isEmpty && repairs.isEmpty && replicaMoves.isEmpty && transfers.isEmpty
  }

  /// One line a plan, with its reason and what became of it.
  public var description: String {
    guard !isEmpty else { return "nothing to do" }
    let lines = (promotions + repairs + replicaMoves).map(\.description)
    return (lines + transfers.map(\.description)).joined(separator: "\n")
  }

  /// Plans that were carried out.
  public var applied: Int {
    (promotions + repairs + replicaMoves).count { $0.status.isApplied }
      + transfers.count { $0.status.isApplied }
  }
}
