import AionModel
import Foundation
import Testing

@Suite("Planted bugs")
struct PlantedBugTests {
  @Test("explore")
  func explore() {
    let environment = ProcessInfo.processInfo.environment
    print("STALE", Mutant.stale)
    let mutant = environment["MUTANT"].flatMap { Mutant(rawValue: $0) }
    if environment["MUTANT"] == "list" { return print("LIST", Mutant.allCases.map(\.rawValue).joined(separator: " ")) }
    let last = UInt64(environment["SEEDS"] ?? "") ?? 100
    let lite = environment["LITE"] != nil
    let start = ContinuousClock.now
    for load in (environment["LOAD"] ?? "catalog registers").split(separator: " ") {
      Mutant.$current.withValue(mutant) {
        for seed in 1...last {
          let scenario = Scenario(seed: seed, isLite: lite)
          let report = load == "registers"
            ? World<RegisterWorkload>(scenario).run() : World<CatalogWorkload>(scenario).run()
          if let violation = report.violation {
            print("FOUND", mutant?.rawValue ?? "none", load, lite ? "lite" : "full", seed, ContinuousClock.now - start, violation)
            return
          }
        }
        print("LIVES", mutant?.rawValue ?? "none", load, lite ? "lite" : "full", last, ContinuousClock.now - start)
      }
    }
  }
}
