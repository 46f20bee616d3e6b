/// Operations as lines under one another, each from its invocation to its return:
///
/// ```
/// client 1  write 2   ├─┤
/// client 2  read → 1      ├─┤
/// ```
///
/// A column is an event, not a length of time. An operation with an open end is not known to have
/// returned.
struct Timeline {
  private struct Row {
    var title: String
    var invoked: Int
    var returned: Int?
  }

  private var rows: [Row] = []

  /// What returns after the end counts as open.
  mutating func add(_ operation: HistoryOperation, end: Int) {
    let returned = operation.returned.flatMap { $0 <= end ? $0 : nil }
    rows.append(
      Row(
        title: "client \(operation.client)  \(operation.shortened)", invoked: operation.invoked,
        returned: returned))
  }

  var lines: [String] {
    let events = Set(rows.flatMap { [$0.invoked, $0.returned ?? $0.invoked] }).sorted()
    let columns = Dictionary(
      events.enumerated().map { ($1, $0 * 2) }, uniquingKeysWith: { first, _ in first })
    let end = events.count * 2
    let width = rows.map(\.title.count).max() ?? 0
    return rows.sorted { $0.invoked < $1.invoked }.map { row in
      let begin = columns[row.invoked] ?? 0
      let title = row.title + String(repeating: " ", count: width - row.title.count)
      let close = row.returned.flatMap { columns[$0] }
      let bar = String(repeating: "─", count: max(0, (close ?? end) - begin - 1))
      return "  \(title)  " + String(repeating: " ", count: begin) + "├" + bar
        + (close == nil ? "…" : "┤")
    }
  }
}

extension HistoryOperation {
  private static let longest = 48

  fileprivate var shortened: String {
    let text = index.map { "\(description) at index \($0)" } ?? description
    return text.count <= Self.longest ? text : text.prefix(Self.longest - 1) + "…"
  }
}
