/// Why nothing can be planned at all.
public enum PlacementRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// No registered node is live, has the required attributes and is not being drained.
  case noCandidates(registered: Int, live: Int, satisfyingRequired: Int)

  public var description: String {
    switch self {
    case .noCandidates(let registered, let live, let satisfying):
      "no node can take a replica: \(registered) registered, \(live) of them live, "
        + "\(satisfying) of those with the required attributes, all of those draining; "
        + "register nodes, bring them back or relax the policy"
    }
  }
}
