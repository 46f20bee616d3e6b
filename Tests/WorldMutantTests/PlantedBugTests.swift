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

  @Test("It is found within its number of seeds", arguments: PlantedBug.all)
  func isFound(_ bug: PlantedBug) {
    for seed in 1...bug.seeds where bug.violation(seed, isPlanted: true) != nil { return }
    Issue.record("\(bug.mutant) lives through \(bug.seeds) seeds; \(bug.habitat), \(bug.machine)")
  }

  @Test("Without a mutant the same seeds keep every promise", arguments: PlantedBug.places)
  func nothingIsFoundWithoutMutant(_ place: PlantedBug) {
    for seed in 1...place.seeds {
      let violation = place.violation(seed, isPlanted: false)
      #expect(violation == nil, "seed \(seed) in \(place.habitat), \(place.machine)")
    }
  }
}
