import AionModel
import AionRPC
import AionServer

/// Disks and wall clocks that fail.
extension Strike {
  mutating func fillDisk(of victim: Victim) async throws(RigFailure) -> String {
    let room = Int.random(in: 0...65_536, using: &chance)
    try await meet("a full disk", victim, \.refusedWrites) { () throws(RigFailure) in
      try rig.setDisk(of: victim.number, to: .full(after: room))
    }
    try await goOn(without: victim)
    try expect(
      await rig.answersLocalRead(victim.number), "n\(victim.number) answers no local read")
    await linger()
    try rig.setDisk(of: victim.number, to: .sound)
    return "filled the disk of \(victim)"
  }

  mutating func stallDisk(of victim: Victim) async throws(RigFailure) -> String {
    try await meet("a stalled disk", victim, \.stalledCalls) { () throws(RigFailure) in
      try rig.setDisk(of: victim.number, to: .stalled)
    }
    try await goOn(without: victim)
    await linger()
    try rig.setDisk(of: victim.number, to: .sound)
    return "stalled the disk of \(victim)"
  }

  mutating func failSyncs(of victim: Victim) async throws(RigFailure) -> String {
    try await meet("a failing sync", victim, \.failedSyncs) { () throws(RigFailure) in
      try rig.setDisk(of: victim.number, to: .failingSyncs)
    }
    try await rig.wait("n\(victim.number) says that its disk failed") { pages in
      pages[victim.number]?.health.hasPrefix("read only") == true
    }
    let page = await rig.page("/healthz", of: victim.number)
    try expect(page?.status == 503, "n\(victim.number) is healthy though it cannot write")
    try await goOn(without: victim)
    try rig.setDisk(of: victim.number, to: .sound)
    try rig.restart(victim.number)
    return "failed a sync of \(victim)"
  }

  mutating func shiftClock(of victim: Victim) async throws(RigFailure) -> String {
    let before = try await office()
    let seconds = Int.random(in: 1...86_400, using: &chance)
    // A certificate is not valid before it was made.
    let isAhead = rig.hasCertificates || Bool.random(using: &chance)
    try await meet("a clock that is off", victim, \.shiftedReadings) { () throws(RigFailure) in
      try rig.setClock(of: victim.number, ahead: .seconds(isAhead ? seconds : -seconds))
    }
    try await recorder.wait(forWrites: 100)
    await linger()
    try rig.setClock(of: victim.number, ahead: .zero)
    try await recorder.wait(forWrites: 100)
    try await expectOffice(before, after: "a jump of the clock of \(victim)")
    return "set the clock of \(victim) \(seconds) s \(isAhead ? "ahead" : "back") for a while"
  }

  /// Begins a fault, and waits until the process has met with it.
  private func meet(
    _ what: String, _ victim: Victim, _ count: KeyPath<HostileEncounters, Int64>,
    begin: () throws(RigFailure) -> Void
  ) async throws(RigFailure) {
    // Before it begins: a process that stalls meets with it once.
    let before = try rig.encounters(of: victim.number)[keyPath: count]
    try begin()
    let deadline = ContinuousClock.now + .seconds(60)
    while try rig.encounters(of: victim.number)[keyPath: count] == before {
      guard ContinuousClock.now < deadline, !Task.isCancelled else {
        throw .impatient("n\(victim.number) meets \(what)", seen: "that it does not")
      }
      try? await Task.sleep(for: .milliseconds(5))
    }
  }
}
