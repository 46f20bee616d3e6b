/// What an object would do if operations came one by one. A history is linearizable when each
/// operation can be given one moment between its invocation and its return, so that the answers are
/// what the model gives in that order.
public protocol SequentialModel {
  associatedtype State: Hashable
  /// An operation with its answer, in the form that is quick to try. Equal effects are equal.
  associatedtype Effect: Hashable

  /// Before the first operation.
  var initialState: State { get }

  /// Reads an operation of a history. The model may take notes: it hears of every operation before
  /// the first is applied.
  mutating func effect(of operation: HistoryOperation) throws(HistoryFault) -> Effect

  /// The state afterwards; nil when the operation does not give that answer in this state. Where
  /// nobody knows the answer, any will do.
  func apply(_ effect: Effect, to state: State) -> State?

  /// Whether it leaves every state as it was.
  func isRead(_ effect: Effect) -> Bool

  /// For people.
  func describe(_ state: State) -> String
}

extension HistoryOperation {
  /// Nil when nobody knows.
  package var answer: HistoryValue? {
    if case .answered(let answer) = outcome { answer } else { nil }
  }

  package var unfit: HistoryFault { .unfit(key, description) }
}
