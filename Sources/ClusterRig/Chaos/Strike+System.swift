import AionModel
import AionRPC
import AionServer

/// Disks and wall clocks that fail.
extension Strike {
  mutating func fillDisk(of victim: Victim) async throws(RigFailure) -> String {
    let room = Int.random(in: 0...65_536, using: &chance)
    try rig.setDisk(of: victim.number, to: .full(after: room))
    try await meet("a full disk", victim) { $0.refusedWrites }
    try await goOn(without: victim)
    try expect(
      await rig.answersLocalRead(victim.number), "n\(victim.number) answers no local read")
    await linger()
    try rig.setDisk(of: victim.number, to: .sound)
    return "filled the disk of \(victim)"
  }

  mutating func stallDisk(of victim: Victim) async throws(RigFailure) -> String {
    try rig.setDisk(of: victim.number, to: .stalled)
    try await meet("a stalled disk", victim) { $0.stalledCalls }
    try await goOn(without: victim)
    await linger()
    try rig.setDisk(of: victim.number, to: .sound)
    return "stalled the disk of \(victim)"
  }

  mutating func failSyncs(of victim: Victim) async throws(RigFailure) -> String {
    try rig.setDisk(of: victim.number, to: .failingSyncs)
    try await meet("a failing sync", victim) { $0.failedSyncs }
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
    try rig.setClock(of: victim.number, ahead: .seconds(isAhead ? seconds : -seconds))
    try await meet("a clock that is off", victim) { $0.shiftedReadings }
    try await recorder.wait(forWrites: 100)
    await linger()
    try rig.setClock(of: victim.number, ahead: .zero)
    try await recorder.wait(forWrites: 100)
    try await expectOffice(before, after: "a jump of the clock of \(victim)")
    return "set the clock of \(victim) \(seconds) s \(isAhead ? "ahead" : "back") for a while"
  }

  /// Until the process has met with what it is to suffer.
  private func meet(
    _ what: String, _ victim: Victim, _ count: (HostileEncounters) -> Int64
  ) async throws(RigFailure) {
    let before = count(try rig.encounters(of: victim.number))
    let deadline = ContinuousClock.now + .seconds(60)
    while count(try rig.encounters(of: victim.number)) == before {
      guard ContinuousClock.now < deadline, !Task.isCancelled else {
        throw .impatient("n\(victim.number) meets \(what)", seen: "that it does not")
      }
      try? await Task.sleep(for: .milliseconds(5))
    }
  }
}
