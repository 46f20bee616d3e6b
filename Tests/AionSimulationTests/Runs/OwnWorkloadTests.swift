import AionModel
import AionSimulation
import Testing

/// Registers whose clients are told that no register may hold much: what others bring, in small.
private struct PickyWorkload: Workload {
  typealias Machine = RegisterMachine

  static var name: String { "picky" }
  /// So little that every run comes to more.
  static var most: UInt64 { 5 }

  private var registers: RegisterWorkload
  private var places: [LogIndex: RegisterMachine.Command] = [:]

  init(seed: UInt64) { registers = RegisterWorkload(seed: seed) }

  mutating func next(
    for client: ClientID, at now: WallTime, _ chance: inout SplitMix64
  ) -> Request<RegisterMachine.Command, UInt64> {
    registers.next(for: client, at: now, &chance)
  }

  func answer(_ query: UInt64, from view: Registers) -> UInt64 {
    registers.answer(query, from: view)
  }

  mutating func note(
    _ operation: AionSimulation.Operation<RegisterMachine.Command, UInt64>,
    _ ending: Ending<RegisterMachine.Outcome, UInt64>
  ) -> Complaint? {
    registers.note(operation, ending)
  }

  /// Whether every command came to a place of its own.
  mutating func note(
    _ command: RegisterMachine.Command, at index: LogIndex,
    _ result: Result<RegisterMachine.Outcome, ClusterError>
  ) -> Complaint? {
    guard let other = places.updateValue(command, forKey: index) else { return nil }
    return Complaint(.stateMachineSafety, "index \(index) holds \(command) and \(other)")
  }

  func complaint(about view: Registers) -> String? {
    guard !places.isEmpty || view.values.rows.isEmpty else { return "nothing was told of commands" }
    return view.values.rows.first { $0.value > Self.most }.map {
      "register \($0.key) holds \($0.value)"
    }
  }

  mutating func finalComplaint(about view: Registers) -> Complaint? {
    registers.finalComplaint(about: view)
  }
}

@Suite("A workload of one's own")
struct OwnWorkloadTests {
  @Test("A state that it does not allow ends the run, with what is wrong and the seed")
  func complains() {
    let report = World<PickyWorkload>(Scenario(seed: 3, isLite: true)).run()
    #expect(report.violation?.promise == .stateInvariant)
    #expect(report.violation?.detail.contains("holds") == true)
    #expect(report.scenario.seed == 3)
    #expect(!report.hasPassed)
  }

  @Test("A machine that changes and tells nobody who follows ends the run")
  func tellsNobody() {
    let report = World<SilentWorkload>(Scenario(seed: 3, isLite: true)).run()
    #expect(report.violation?.promise == .toldChanges)
  }

  @Test("A fault that is switched off does not occur, and others do as before")
  func withoutFaults() {
    var scenario = Scenario(seed: 4)
    scenario.faults = FaultPlan()
    scenario.duration = .seconds(5)
    let report = World<RegisterWorkload>(scenario).run()
    #expect(report.violation == nil)
    #expect(FaultKind.allCases.allSatisfy { report.situations[$0] == 0 })
    #expect(report.situations[.written] > 0)
  }
}
