/// Judges whether a history is linearizable, object by object: a history is exactly when each of
/// its objects is (Herlihy & Wing, "Linearizability", 1990, theorem 1).
///
/// Local reads are left out; `VersionOrder` judges them.
public struct LinearizabilityChecker: Sendable {
  /// How many configurations are looked at for one object before it is left undecided. One takes
  /// about 100 bytes.
  public var configurationLimit = 4_000_000

  public init() {}

  /// Checks every object by the model of its kind (Docs/History.md). Throws when there is none, or
  /// when an operation is not one of the model's.
  public func check(_ history: History) throws(HistoryFault) -> LinearizabilityReport {
    try check(history) { _ in nil }
  }

  /// Checks every object by the model that is given for it, else by that of its kind.
  public func check(
    _ history: History, models: (HistoryKey) -> (any SequentialModel)?
  ) throws(HistoryFault) -> LinearizabilityReport {
    var report = LinearizabilityReport()
    for (key, operations) in history.objects {
      if let model = models(key) {
        try check(operations, of: key, by: model, &report)
      } else {
        try check(operations, of: key, &report)
      }
    }
    return report
  }

  // Named one by one, so that the search is compiled for each.
  private func check(
    _ operations: [HistoryOperation], of key: HistoryKey, _ report: inout LinearizabilityReport
  ) throws(HistoryFault) {
    switch key.kind {
    case "register": try check(operations, of: key, by: RegisterModel(), &report)
    case "placement": try check(operations, of: key, by: VersionedRegisterModel(), &report)
    case "names": try check(operations, of: key, by: NameSetModel(), &report)
    case "counter": try check(operations, of: key, by: CounterModel(), &report)
    case "list": try check(operations, of: key, by: ListModel(), &report)
    default: throw .unknownKind(key)
    }
  }

  private func check<Model: SequentialModel>(
    _ operations: [HistoryOperation], of key: HistoryKey, by model: Model,
    _ report: inout LinearizabilityReport
  ) throws(HistoryFault) {
    var model = model
    report.objects += 1
    report.operations += operations.count
    guard let obligations = try Obligations(operations, model: &model) else {
      let limit = Obligations<Model.Effect>.slots
      report.undecided.append(.init(key: key, reason: .concurrency(limit)))
      return
    }
    var search = Search(
      model: model, obligations: obligations, from: [model.initialState],
      limit: configurationLimit)
    let window: Window<Model>?
    switch judge(&search) {
    case .ordered: window = nil
    case .stuck: window = Window(of: search)
    case .stalled(let duty): window = Window(of: search, at: duty)
    case .exhausted:
      window = nil
      report.undecided.append(.init(key: key, reason: .configurations(configurationLimit)))
    }
    report.configurations += search.visited
    guard let window else { return }
    report.violations.append(
      .init(
        key: key, window: window.duties.map { operations[$0.operation] },
        explanation: window.explanation(key: key, operations: operations)))
  }

  /// A contradiction late in a long history shows in its window long before all that may have been
  /// before has been tried. Stalled is the outcome only where it does.
  private func judge<Model: SequentialModel>(
    _ search: inout Search<Model>
  ) -> Search<Model>.Outcome {
    search.patience = 20_000
    while true {
      let outcome = search.run()
      guard case .stalled(let duty) = outcome else { return outcome }
      if Window(of: search, at: duty) != nil { return outcome }
      search.patience *= 4
    }
  }

  /// The places of the operations in an order that explains all answers; nil when there is none or
  /// the limit does not suffice.
  package func order<Model: SequentialModel>(
    _ operations: [HistoryOperation], by model: Model
  ) throws(HistoryFault) -> [Int]? {
    var model = model
    guard let obligations = try Obligations(operations, model: &model) else { return nil }
    var search = Search(
      model: model, obligations: obligations, from: [model.initialState],
      limit: configurationLimit)
    if case .ordered(let order) = search.run() { return order }
    return nil
  }
}

extension History {
  /// The operations on each object, in the order of the objects' first ones. Local reads are left
  /// out.
  var objects: [(key: HistoryKey, operations: [HistoryOperation])] {
    var objects: [(key: HistoryKey, operations: [HistoryOperation])] = []
    var places: [HistoryKey: Int] = [:]
    for operation in operations where !operation.isLocal {
      if let place = places[operation.key] {
        objects[place].operations.append(operation)
      } else {
        places[operation.key] = objects.count
        objects.append((operation.key, [operation]))
      }
    }
    return objects
  }
}

extension Obligations {
  fileprivate init?<Model: SequentialModel>(
    _ operations: [HistoryOperation], model: inout Model
  ) throws(HistoryFault) where Model.Effect == Effect {
    var duties: [Duty] = []
    var chances: [Chance] = []
    for (place, operation) in operations.enumerated() where operation.outcome != .failed {
      let effect = try model.effect(of: operation)
      if let returned = operation.returned {
        duties.append(
          Duty(
            effect: effect, operation: place, invoked: operation.invoked, returned: returned,
            isRead: model.isRead(effect), slot: 0))
      } else if !model.isRead(effect) {
        chances.append(Chance(effect: effect, operation: place, invoked: operation.invoked))
      }
    }
    self.init(duties: duties, chances: chances)
  }
}
