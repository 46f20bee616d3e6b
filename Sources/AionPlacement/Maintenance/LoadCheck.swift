import AionCatalog
import AionModel

/// What a plan that moves something for load rests on.
struct Evening {
  enum Kind { case replicas, leaders }

  let kind: Kind
  let from: NodeID
  let to: NodeID
  /// By how much more `from` must have than `to`, or moving would make it worse.
  let difference: Int
}

/// Whether moving for load still evens the load: another maintainer may have done so since the plan
/// was made, and then it would have to be moved back.
struct LoadCheck {
  private let snapshot: ClusterSnapshot
  /// What the plans that were admitted so far change.
  private var changes: [NodeID: ReplicaCounts] = [:]

  init(_ snapshot: ClusterSnapshot) { self.snapshot = snapshot }

  func admits(_ plan: some PlacementPlan) -> Bool {
    guard let evening = plan.evening else { return true }
    let (from, to) = (counts(on: evening.from), counts(on: evening.to))
    let difference =
      switch evening.kind {
      case .replicas: from.total - to.total
      case .leaders: from.leaders - to.leaders
      }
    return difference >= evening.difference
  }

  mutating func count(_ plan: some PlacementPlan) {
    for placement in plan.expected {
      changes[placement.node, default: ReplicaCounts()].count(placement.role, by: -1)
    }
    for placement in plan.placements {
      changes[placement.node, default: ReplicaCounts()].count(placement.role, by: 1)
    }
  }

  private func counts(on node: NodeID) -> ReplicaCounts {
    snapshot.replicaCounts(on: node) + (changes[node] ?? ReplicaCounts())
  }
}

extension ReplicaRepairPlan {
  var evening: Evening? {
    switch reason {
    case .stageLearner(let choice, .unevenLoad(let node, _), _),
      .replaceVoter(by: let choice, .unevenLoad(let node, _)):
      Evening(kind: .replicas, from: node, to: choice.node, difference: 2)
    case .promoteLearnerInPlace(let learner, .unevenLoad(let node, _)):
      // The learner counts where it is already.
      Evening(kind: .replicas, from: node, to: learner, difference: 1)
    default: nil
    }
  }
}

extension LeadershipTransferPlan {
  var evening: Evening? {
    guard case .unevenLoad = reason else { return nil }
    return Evening(kind: .leaders, from: from, to: to, difference: 2)
  }
}
