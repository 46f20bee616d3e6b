/// A table for people: the first column flush left, the others flush right.
struct Table {
  private var rows: [[String]]

  init(header: [String]) { rows = [header] }

  mutating func add(_ row: [String]) { rows.append(row) }

  var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + padding : padding + cell
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

/// `1234567` as `1,234,567`.
func grouped(_ figure: Double) -> String {
  var digits = Array(String(Int(figure.rounded())))
  var position = digits.count - 3
  while position > (digits.first == "-" ? 1 : 0) {
    digits.insert(",", at: position)
    position -= 3
  }
  return String(digits)
}
