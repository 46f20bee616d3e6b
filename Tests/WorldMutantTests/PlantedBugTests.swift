import Foundation
import Testing
import WorldMutants

@Suite("Every planted bug is found by a world")
struct PlantedBugTests {
  @Test("Each mutant stands where its list says, and each is looked for")
  func mutantsAreInPlace() {
    #expect(
      Mutant.stale.isEmpty, "the source has changed; put right Tests/WorldMutants/Mutants.txt")
    #expect(Set(PlantedBug.all.map(\.mutant)) == Set(Mutant.allCases))
    #expect(PlantedBug.all.count >= 15)
  }

  @Test("Docs/Simulation.md says the same of each")
  func page() throws {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    let page = try String(
      contentsOf: root.appending(path: "Docs/Simulation.md"), encoding: .utf8)
    for bug in PlantedBug.all { #expect(page.contains(bug.row + "\n"), "\(bug.row)") }
    #expect(page.matches(of: /\| `\w+` \| \w+ \| \d+ \|/).count == PlantedBug.all.count)
  }

  @Test("It is found within its number of seeds", arguments: PlantedBug.all)
  func isFound(_ bug: PlantedBug) {
    for seed in 1...bug.seeds
    where bug.habitat.violation(seed: seed, mutant: bug.mutant) != nil { return }
    Issue.record("\(bug.mutant) lives through \(bug.seeds) seeds of \(bug.habitat) worlds")
  }

  @Test("Without a mutant the same seeds keep every promise", arguments: Habitat.allCases)
  func nothingIsFoundWithoutMutant(_ habitat: Habitat) {
    let seeds = PlantedBug.all.filter { $0.habitat == habitat }.map(\.seeds).max() ?? 1
    for seed in 1...seeds {
      let violation = habitat.violation(seed: seed, mutant: nil)
      #expect(violation == nil, "seed \(seed) in \(habitat.rawValue) worlds")
    }
  }
}
