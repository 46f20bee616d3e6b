/// Which ways between a node and others.
public enum LinkWays: Hashable, Sendable, CaseIterable {
  case both
  /// What it sends.
  case outgoing
  /// What it is sent.
  case incoming
}

extension ClusterRig {
  /// Changes what becomes of bytes from one end to another; holds once this returns.
  public func set(
    _ rule: LinkRule, from source: LinkEnd, to sink: LinkEnd
  ) throws(RigFailure) {
    try requiredNetwork().set { $0[source, sink] = rule }
  }

  /// Cuts a node off from all others, not from clients.
  ///
  /// - Parameter rule: How it is cut off.
  public func isolate(
    _ number: Int, _ ways: LinkWays = .both, by rule: LinkRule = .hold
  ) throws(RigFailure) {
    let others = numbers.filter { $0 != number }
    try requiredNetwork().set { rules in
      for other in others {
        if ways != .incoming { rules[.node(number), .node(other)] = rule }
        if ways != .outgoing { rules[.node(other), .node(number)] = rule }
      }
    }
  }

  /// Everything passes again.
  public func heal() throws(RigFailure) {
    try requiredNetwork().set { $0 = LinkRules() }
  }

  private func requiredNetwork() throws(RigFailure) -> RigNetwork {
    guard let network else { throw .refused("this group was begun without a network to cut") }
    return network
  }
}
