/// How far a replica stands from the others of its shard, by the policy's spread attributes.
public enum SpreadReach: Hashable, Sendable, CustomStringConvertible {
  /// The policy names no spread attribute.
  case unasked
  /// Alone on its value of each of these.
  case apart(by: [String])
  /// Of the attributes that it shares with another voter this is the most important one.
  case sharing(String, others: Int)

  public var description: String {
    switch self {
    case .unasked: "no spread asked"
    case .apart(let attributes): "apart by \(attributes.joined(separator: ", "))"
    case .sharing(let attribute, let others):
      "\(attribute) shared with \(others == 1 ? "another voter" : "\(others) voters")"
    }
  }
}

extension SpreadTable {
  func reach(_ conflicts: NodeChooser.Conflicts) -> SpreadReach {
    guard !attributes.isEmpty else { return .unasked }
    guard conflicts != 0 else { return .apart(by: attributes) }
    let level = conflicts.leadingZeroBitCount / 8
    let others = (conflicts >> NodeChooser.shift(of: level)) & 0xFF
    return .sharing(attributes[level], others: Int(others))
  }
}
