/// The figures of one side of a comparison, one per round.
struct Sample: Encodable {
  let name: String
  private(set) var rounds: [Double] = []

  init(name: String) { self.name = name }

  mutating func add(_ figure: Double) { rounds.append(figure) }

  var median: Double {
    let sorted = rounds.sorted()
    guard let middle = sorted.indices.isEmpty ? nil : sorted.count / 2 else { return 0 }
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  var lowest: Double { rounds.min() ?? 0 }
  var highest: Double { rounds.max() ?? 0 }

  /// Whether the rounds differ so much that the median alone would mislead.
  var isNoisy: Bool { highest > 1.5 * lowest }

  private enum CodingKeys: String, CodingKey {
    case name, median, lowest, highest, rounds, isNoisy
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(median, forKey: .median)
    try container.encode(lowest, forKey: .lowest)
    try container.encode(highest, forKey: .highest)
    try container.encode(isNoisy, forKey: .isNoisy)
    try container.encode(rounds, forKey: .rounds)
  }
}
