extension ClusterRig {
  /// Changes how a node's disk fares, from now on and across restarts.
  public func setDisk(of number: Int, to condition: DiskCondition) throws(RigFailure) {
    try system(of: number).set(condition)
  }

  /// Sets a node's wall clock this far ahead of the true time; behind it when negative.
  public func setClock(of number: Int, ahead: Duration) throws(RigFailure) {
    let (seconds, attoseconds) = ahead.components
    try system(of: number).setClock(ahead: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }

  /// How often a node's process has met with what it was to suffer.
  package func encounters(of number: Int) throws(RigFailure) -> HostileEncounters {
    try system(of: number).encounters
  }

  private func system(of number: Int) throws(RigFailure) -> HostileSystem {
    guard let system = try node(number).system else {
      throw .refused("this group was begun with systems that do not fail")
    }
    return system
  }
}
