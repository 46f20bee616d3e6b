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

  // What follows makes a search fast; a model need not have it (LookAhead.swift).

  /// What is visible of a state; nil when states have no marks.
  func mark(of state: State) -> Int64?

  /// The mark without which the effect cannot be, or, where nobody knows its answer, changes
  /// nothing.
  func needs(_ effect: Effect) -> Int64?

  /// Whether there may be states with this mark in which the effect cannot be.
  func avoids(_ mark: Int64, _ effect: Effect) -> Bool

  /// Where the effect leads.
  func changes(_ effect: Effect) -> MarkChange

  /// Whether there may be a way from the state to one that has the mark.
  func canReach(_ mark: Int64, from state: State) -> Bool

  /// States of which any state that the object can be in is one, or nothing less than one.
  var everyState: [State]? { get }

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
