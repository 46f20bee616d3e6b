import AionModel

/// Why something is not a history.
public enum HistoryFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// A line is not what Docs/History.md says.
  case malformed(line: Int, String)
  /// A client asks again before it has learned what became of its operation.
  case busy(HistoryClient)
  /// A client learns of an operation that it does not have in flight.
  case idle(HistoryClient)
  /// An event is earlier than the one before it.
  case timeWentBack(from: HistoryTime, to: HistoryTime)
  /// An operation that the object's model does not have, or not with such values.
  case unfit(HistoryKey, String)
  /// No model judges objects of this kind.
  case unknownKind(HistoryKey)

  public var description: String {
    switch self {
    case .malformed(let line, let problem): "line \(line): \(problem)"
    case .busy(let client): "client \(client) asks while an operation of its is in flight"
    case .idle(let client): "client \(client) has no such operation in flight"
    case .timeWentBack(let earlier, let time): "time \(time) after \(earlier)"
    case .unfit(let key, let operation): "\(key): no operation \(operation)"
    case .unknownKind(let key): "\(key): no model is named \(key.kind)"
    }
  }
}
