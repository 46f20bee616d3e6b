import Foundation

/// Seconds over shards, both logarithmic, with a dotted line that grows linearly.
struct GrowthPlot {
  private let growth: [PlacementGrowth]
  private let sizes: [Double]
  private let seconds: (lowest: Double, highest: Double)

  private static let width = 820.0
  private static let height = 460.0
  private static let margin = (left: 70.0, right: 260.0, top: 30.0, bottom: 50.0)
  private static let colours = [
    "#1b6ca8", "#c0392b", "#27884a", "#8e44ad", "#b9770e", "#148f8f", "#5d6d7e",
  ]

  init(_ growth: [PlacementGrowth]) {
    self.growth = growth
    sizes = growth.first?.points.map { Double($0.shards) } ?? []
    let all = growth.flatMap { $0.points.map(\.seconds.median) }.filter { $0 > 0 }
    let lowest = all.min() ?? 0.001
    let highest = all.max() ?? 1
    seconds = (pow(10, floor(log10(lowest))), pow(10, ceil(log10(max(highest, lowest * 10)))))
  }

  var svg: String {
    let (width, height) = (Int(Self.width), Int(Self.height))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" \
      font-family="sans-serif" font-size="12">
      <rect width="\(width)" height="\(height)" fill="white"/>
      <text x="70" y="18" font-weight="bold">\
      Processor seconds of one planning pass by number of shards</text>
      \((horizontals + verticals + [linear] + curves).joined(separator: "\n"))
      </svg>

      """
  }

  private var horizontals: [String] {
    let (low, high) = (Int(log10(seconds.lowest).rounded()), Int(log10(seconds.highest).rounded()))
    return (low...high).map { power in
      let value = pow(10, Double(power))
      let y = self.y(value)
      return line(from: (x(sizes.first ?? 1), y), to: (x(sizes.last ?? 1), y), "#ddd")
        + text(String(format: "%g s", value), at: (60, y + 4), anchor: "end")
    }
  }

  private var verticals: [String] {
    sizes.map { size in
      line(from: (x(size), y(seconds.lowest)), to: (x(size), y(seconds.highest)), "#eee")
        + text(grouped(size), at: (x(size), y(seconds.lowest) + 20), anchor: "middle")
    }
  }

  /// From the lowest point of the first size.
  private var linear: String {
    guard let first = sizes.first, let last = sizes.last else { return "" }
    let start = growth.compactMap { $0.points.first?.seconds.median }.min() ?? seconds.lowest
    let end = min(start * last / first, seconds.highest)
    let size = first * end / start
    return line(from: (x(first), y(start)), to: (x(size), y(end)), "#999", dashes: "2 4")
      + text("linear", at: (x(size) - 4, y(end) + 16), anchor: "end")
  }

  private var curves: [String] {
    growth.enumerated().map { number, side in
      let colour = Self.colours[number % Self.colours.count]
      let points = side.points.map { point in
        "\(rounded(x(Double(point.shards)))),\(rounded(y(point.seconds.median)))"
      }
      let last = side.points.last.map { String(format: "%.2f s", $0.seconds.median) } ?? ""
      let row = Self.margin.top + 20 + 22 * Double(number)
      let legend = Self.width - Self.margin.right + 16
      return """
        <polyline points="\(points.joined(separator: " "))" fill="none" stroke="\(colour)" \
        stroke-width="2"/>
        <rect x="\(rounded(legend))" y="\(rounded(row - 9))" width="10" height="10" \
        fill="\(colour)"/>
        """ + text("\(side.pass.rawValue): \(last)", at: (legend + 16, row), anchor: "start")
    }
  }

  private func x(_ size: Double) -> Double {
    guard let first = sizes.first, let last = sizes.last, last > first else {
      return Self.margin.left
    }
    let span = Self.width - Self.margin.left - Self.margin.right
    return Self.margin.left + span * log(size / first) / log(last / first)
  }

  private func y(_ value: Double) -> Double {
    let span = Self.height - Self.margin.top - Self.margin.bottom
    let share = log(value / seconds.lowest) / log(seconds.highest / seconds.lowest)
    return Self.height - Self.margin.bottom - span * share
  }

  private func line(
    from start: (Double, Double), to end: (Double, Double), _ colour: String, dashes: String = ""
  ) -> String {
    """
    <line x1="\(rounded(start.0))" y1="\(rounded(start.1))" x2="\(rounded(end.0))" \
    y2="\(rounded(end.1))" stroke="\(colour)" stroke-dasharray="\(dashes)"/>
    """
  }

  private func text(_ text: String, at place: (Double, Double), anchor: String) -> String {
    """
    <text x="\(rounded(place.0))" y="\(rounded(place.1))" text-anchor="\(anchor)">\(text)</text>
    """
  }

  private func rounded(_ value: Double) -> String { String(format: "%.1f", value) }
}
