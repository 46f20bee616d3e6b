import AionHistory
import AionModel

/// Tries every order of a few operations, by the definition and nothing cleverer.
enum BruteForce {
  static func isLinearizable<Model: SequentialModel>(
    _ operations: [HistoryOperation], by model: Model
  ) throws -> Bool {
    var model = model
    let effects = try operations.map { try model.effect(of: $0) }
    return canFinish(
      Set(operations.indices.filter { operations[$0].outcome != .failed }),
      from: model.initialState,
      operations, effects, model)
  }

  private static func canFinish<Model: SequentialModel>(
    _ left: Set<Int>, from state: Model.State, _ operations: [HistoryOperation],
    _ effects: [Model.Effect], _ model: Model
  ) -> Bool {
    if left.allSatisfy({ operations[$0].returned == nil }) { return true }
    let soonest = left.compactMap { operations[$0].returned }.min() ?? .max
    return left.contains { next in
      guard operations[next].invoked < soonest,
        let after = model.apply(effects[next], to: state)
      else { return false }
      return canFinish(left.subtracting([next]), from: after, operations, effects, model)
    }
  }
}
