import AionSimulation

/// Which faults and situations occurred, and how often.
struct Coverage {
  let rows: [(name: String, count: Int)]

  init(_ situations: Situations) {
    rows =
      FaultKind.allCases.map { ("fault: \($0.rawValue)", situations[$0]) }
      + Situations.Situation.allCases.map { ($0.rawValue, situations[$0]) }
  }

  var text: String {
    rows.map { row in
      let count = String(row.count)
      return "  " + row.name + String(repeating: " ", count: max(1, 36 - row.name.count))
        + String(repeating: " ", count: max(0, 10 - count.count)) + count
    }.joined(separator: "\n")
  }
}
