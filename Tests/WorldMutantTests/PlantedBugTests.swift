import Foundation
import Testing
import WorldMutants

@Suite("Planted bugs")
struct PlantedBugTests {
  @Test("explore")
  func explore() {
    let environment = ProcessInfo.processInfo.environment
    print("STALE", Mutant.stale)
    let mutant = environment["MUTANT"].flatMap { Mutant(rawValue: $0) }
    if environment["MUTANT"] == "list" {
      return print("LIST", Mutant.allCases.map(\.rawValue).joined(separator: " "))
    }
    let last = UInt64(environment["SEEDS"] ?? "") ?? 100
    let start = ContinuousClock.now
    let habitat = Habitat(rawValue: environment["HABITAT"] ?? "small") ?? .small
    for load in (environment["LOAD"] ?? "catalog registers").split(separator: " ") {
      for seed in 1...last {
        let found = habitat.run(seed: seed, ofRegisters: load == "registers", mutant: mutant)
        if let violation = found.violation {
          print(
            "FOUND", mutant?.rawValue ?? "none", load, habitat, seed, ContinuousClock.now - start,
            violation)
          break
        }
        if ContinuousClock.now - start > .seconds(12) {
          print(
            "LIVES", mutant?.rawValue ?? "none", load, habitat, seed, ContinuousClock.now - start)
          break
        }
      }
    }
  }
}
