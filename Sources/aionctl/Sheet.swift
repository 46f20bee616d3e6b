import AionModel

/// Rows under the names of their columns: a table for people, objects for programs.
struct Sheet {
  enum Cell: Encodable, ExpressibleByStringLiteral {
    case none
    case text(String)
    case number(UInt64)
    /// For people in the unit that fits, for programs in bytes.
    case size(ByteCount)
    case flag(Bool)
    case list([String])

    init(stringLiteral value: String) { self = .text(value) }
    init(_ size: ByteCount?) { self = size.map { .size($0) } ?? .none }
    init(_ value: (some CustomStringConvertible)?) { self = value.map { .text("\($0)") } ?? .none }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .none: try container.encodeNil()
      case .text(let text): try container.encode(text)
      case .number(let number): try container.encode(number)
      case .size(let size): try container.encode(size.bytes)
      case .flag(let flag): try container.encode(flag)
      case .list(let list): try container.encode(list)
      }
    }

    var shown: String {
      switch self {
      case .none: "-"
      case .text(let text): text.isEmpty ? "\"\"" : text
      case .number(let number): String(number)
      case .size(let size): size.description
      case .flag(let flag): flag ? "yes" : "no"
      case .list(let list): list.isEmpty ? "-" : list.joined(separator: " ")
      }
    }

    /// Numbers stand to the right.
    var isNumber: Bool {
      switch self {
      case .number, .size: true
      case .none, .text, .flag, .list: false
      }
    }
  }

  let columns: [String]
  private(set) var rows: [[Cell]] = []

  init(_ columns: String...) { self.columns = columns }

  mutating func add(_ row: Cell...) {
    precondition(row.count == columns.count, "\(row.count) cells under \(columns)")
    rows.append(row)
  }

  /// Lines whose columns stand below each other, numbers to the right.
  var lines: [String] {
    let shown = rows.map { row in row.map(\.shown) }
    let widths = columns.indices.map { column in
      max(columns[column].count, shown.map { $0[column].count }.max() ?? 0)
    }
    let isNumber = columns.indices.map { column in
      !rows.isEmpty && rows.allSatisfy { $0[column].isNumber }
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - cells[column].count)
        return isNumber[column] ? padding + cells[column] : cells[column] + padding
      }
      let line = padded.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
    return [line(columns.map { $0.uppercased() })] + shown.map(line)
  }

  var objects: [[String: Cell]] {
    rows.map { Dictionary(uniqueKeysWithValues: zip(columns, $0)) }
  }
}
