import AionHistory
import AionModel
import Testing

@Suite("The checker and the definition agree")
struct RandomHistoryTests {
  @Test(
    "A history that was made of moments has an order, and the order explains it",
    arguments: RandomHistory.Kind.allCases)
  func linearizable(_ kind: RandomHistory.Kind) throws {
    for seed in UInt64(1)...60 {
      let made = RandomHistory(kind, clients: 6, operations: 120, seed: seed)
      let history = try History(made.events)
      let report = try LinearizabilityChecker().check(history)
      #expect(report.verdict == .linearizable, "seed \(seed): \(report.violations)")
      try expectOrder(of: history.operations, kind, seed)
    }
  }

  @Test(
    "A spoiled history is refused exactly when no order at all explains it",
    arguments: RandomHistory.Kind.allCases)
  func againstBruteForce(_ kind: RandomHistory.Kind) throws {
    var refused = 0
    for seed in UInt64(1)...1_500 {
      var made = RandomHistory(
        kind, clients: 2 + Int(seed % 3), operations: 8, lost: 20, values: 3, seed: seed)
      for _ in 0..<(seed % 16) { made.spoil() }
      guard let history = try? History(made.events) else { continue }
      let expected = try isLinearizable(history.operations, kind)
      let report = try LinearizabilityChecker().check(history)
      #expect(
        (report.verdict == .linearizable) == expected, "seed \(seed): \(history.operations)")
      if expected { try expectOrder(of: history.operations, kind, seed) } else { refused += 1 }
    }
    #expect(refused > 100, "spoiling spoils too little to prove anything")
  }

  @Test(
    "A long history is judged within the usual limit, and one wrong read in it is found",
    arguments: [RandomHistory.Kind.register, .placement, .counter, .list])
  func long(_ kind: RandomHistory.Kind) throws {
    var made = RandomHistory(
      kind, clients: 10, operations: 3_000, lost: 1, values: 1_000, seed: 1)
    #expect(try LinearizabilityChecker().check(History(made.events)).verdict == .linearizable)
    let place = try #require(made.lastRead)
    let stale = try #require(made.firstRead)
    for wrong in [stale, kind == .placement ? [1_000, 1] : kind == .list ? [1_000] : 1_000] {
      made.answer(at: place, with: wrong)
      let report = try LinearizabilityChecker().check(History(made.events))
      #expect(report.verdict == .violated)
      // What a counter can be is not known without a search.
      #expect(kind == .counter || report.violations.first?.window.count ?? 99 <= 16)
    }
  }

  @Test("A search that is too long ends undecided, and says at which limit")
  func undecided() throws {
    let made = RandomHistory(.register, clients: 6, operations: 120, seed: 1)
    var checker = LinearizabilityChecker()
    checker.configurationLimit = 10
    let report = try checker.check(History(made.events))
    #expect(report.verdict == .undecided)
    #expect(report.undecided.map(\.reason) == [.configurations(10)])
    let crowd = RandomHistory(.register, clients: 300, operations: 600, lost: 0, seed: 1)
    let crowded = try LinearizabilityChecker().check(History(crowd.events))
    #expect(crowded.undecided.map(\.reason) == [.concurrency(128)])
  }

  private func isLinearizable(
    _ operations: [HistoryOperation], _ kind: RandomHistory.Kind
  ) throws -> Bool {
    switch kind {
    case .register: try BruteForce.isLinearizable(operations, by: RegisterModel())
    case .placement: try BruteForce.isLinearizable(operations, by: VersionedRegisterModel())
    case .names: try BruteForce.isLinearizable(operations, by: NameSetModel())
    case .counter: try BruteForce.isLinearizable(operations, by: CounterModel())
    case .list: try BruteForce.isLinearizable(operations, by: ListModel())
    }
  }

  private func expectOrder(
    of operations: [HistoryOperation], _ kind: RandomHistory.Kind, _ seed: UInt64
  ) throws {
    switch kind {
    case .register: try expectOrder(of: operations, by: RegisterModel(), seed)
    case .placement: try expectOrder(of: operations, by: VersionedRegisterModel(), seed)
    case .names: try expectOrder(of: operations, by: NameSetModel(), seed)
    case .counter: try expectOrder(of: operations, by: CounterModel(), seed)
    case .list: try expectOrder(of: operations, by: ListModel(), seed)
    }
  }

  /// The order keeps real time, has every answer in it, and the model gives those answers.
  private func expectOrder<Model: SequentialModel>(
    of operations: [HistoryOperation], by model: Model, _ seed: UInt64
  ) throws {
    let order = try #require(
      try LinearizabilityChecker().order(operations, by: model), "seed \(seed)")
    var model = model
    let effects = try operations.map { try model.effect(of: $0) }
    var state = model.initialState
    var latest = -1
    for place in order {
      state = try #require(model.apply(effects[place], to: state), "seed \(seed)")
      #expect(operations[place].returned ?? .max > latest, "seed \(seed)")
      latest = max(latest, operations[place].invoked)
    }
    let answered = operations.indices.filter { operations[$0].answer != nil }
    #expect(Set(order).count == order.count)
    #expect(Set(answered).isSubset(of: Set(order)), "seed \(seed)")
  }
}
