/// Processes that end, or hang.
extension Strike {
  mutating func kill(_ victim: Victim) async throws(RigFailure) -> String {
    try rig.kill(victim.number)
    try await goOn(without: victim)
    await linger()
    try rig.start(victim.number)
    return "killed \(victim)"
  }

  mutating func stop(_ victim: Victim) async throws(RigFailure) -> String {
    try end(victim.number)
    try await goOn(without: victim)
    await linger()
    try rig.start(victim.number)
    return "stopped \(victim)"
  }

  mutating func hang(_ victim: Victim) async throws(RigFailure) -> String {
    try rig.pause(victim.number)
    try await goOn(without: victim)
    await linger()
    try rig.resume(victim.number)
    return "hung \(victim)"
  }

  func restartAll() async throws(RigFailure) -> String {
    for number in rig.running {
      try end(number)
      try rig.start(number)
      try await settle()
    }
    return "restarted all, one after the other"
  }

  private func end(_ number: Int) throws(RigFailure) {
    let status = try rig.stop(number)
    try expect(status == 0, "n\(number) ended with \(status) after SIGTERM")
  }
}
