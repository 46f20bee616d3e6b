import AionCluster
import AionPlacement
import ArgumentParser
import Foundation

/// What the planners cost as a cluster grows.
struct PlacementBenchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "placement",
    abstract: "Processor seconds of one planning pass by number of shards, with three voters each.")

  @Option(help: "Numbers of shards, ascending.")
  var shards: [Int] = [10_000, 31_623, 100_000, 316_228, 1_000_000]

  @Option(help: "Nodes, in three regions with three zones each.")
  var nodes = 1_000

  @Option(help: "Rounds; the median counts.")
  var rounds = 3

  @Option(help: "Where to write the growth as a picture (SVG).")
  var plot: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard rounds > 0, nodes > 9, shards.allSatisfy({ $0 > 0 }), !shards.isEmpty else {
      throw ValidationError("rounds and shards must be positive, nodes more than 9")
    }
  }

  func run() async throws {
    var growth: [PlacementGrowth] = PlacementPass.allCases.map { PlacementGrowth(pass: $0) }
    for count in shards.sorted() {
      var samples = PlacementPass.allCases.map { Sample(name: $0.rawValue) }
      for round in 1...rounds {
        let line = "\(count) shards, round \(round) of \(rounds)\n"
        FileHandle.standardError.write(Data(line.utf8))
        let workload = try PlacementWorkload(shards: count, nodes: nodes)
        for (index, pass) in PlacementPass.allCases.enumerated() {
          samples[index].add(try workload.seconds(of: pass))
        }
      }
      for index in growth.indices {
        growth[index].points.append(PlacementGrowth.Point(shards: count, seconds: samples[index]))
      }
    }
    try report(growth)
    if let plot {
      try GrowthPlot(growth).svg.write(toFile: plot, atomically: true, encoding: .utf8)
    }
  }

  private func report(_ growth: [PlacementGrowth]) throws {
    if json {
      let sides = Dictionary(uniqueKeysWithValues: growth.map { ($0.pass.rawValue, $0.points) })
      print(try oneObject(["placement": sides]))
      return
    }
    let sizes = growth.first?.points.map(\.shards) ?? []
    var table = Table(
      header: ["CPU seconds a pass, \(grouped(Double(nodes))) nodes"]
        + sizes.map { grouped(Double($0)) } + ["growth"])
    for side in growth {
      table.add(
        [side.pass.rawValue] + side.points.map { String(format: "%.3f", $0.seconds.median) }
          + [side.exponent.map { String(format: "n^%.2f", $0) } ?? "-"])
    }
    print(table.text)
    print("peak memory \(grouped(Double(peakMegabytes))) MB")
  }

  private var peakMegabytes: Int {
    var usage = rusage()
    #if os(Linux)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss / 1_000
    #else
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss / 1_000_000
    #endif
  }
}

/// How one kind of pass grows with the number of shards.
struct PlacementGrowth {
  struct Point: Encodable {
    let shards: Int
    let seconds: Sample
  }

  let pass: PlacementPass
  var points: [Point] = []

  /// From the smallest to the largest size: 1 is linear.
  var exponent: Double? {
    guard let first = points.first, let last = points.last, last.shards > first.shards else {
      return nil
    }
    return log(last.seconds.median / first.seconds.median)
      / log(Double(last.shards) / Double(first.shards))
  }
}
