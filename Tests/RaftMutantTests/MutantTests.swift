import AionModel
import Testing

@Suite("Every mutant of the core is caught")
struct MutantTests {
  @Test("Each mutant stands where its list says")
  func mutantsAreInPlace() {
    #expect(Mutant.stale.isEmpty, "the source has changed; put right Mutants.txt")
  }

  @Test("survey", arguments: Mutant.allCases)
  func survey(_ mutant: Mutant) throws {
    for (name, bounds) in Survey.all {
      var bounds = bounds
      bounds.mutant = mutant
      var explorer = try Explorer(bounds)
      var stop = StopConditions()
      stop.states = 600_000
      let report = explorer.run(until: stop)
      if case .violated(let c) = report.outcome {
        print("SURVEY \(mutant) \(name): \(report.states) \(c.length) \(c.violation)")
      } else {
        print("SURVEY \(mutant) \(name): - \(report.states)")
      }
    }
    for seed in UInt64(1)...300 {
      var plan = RandomPlan(seed: seed)
      plan.options.mutant = mutant
      var run = try RandomRun(plan)
      do throws(Violation) { try run.run() } catch {
        print("SURVEY \(mutant) random \(seed): \(error)")
        return
      }
    }
    print("SURVEY \(mutant) random -")
  }
}
enum Survey {
  static var all: [(String, Bounds)] {
    var plain = Bounds()
    plain.terms = 2
    plain.limits[.timeout] = 2
    var deep = Bounds()
    deep.limits[.crash] = 0
    deep.limits[.timeout] = 3
    deep.inFlight = 4
    var heart = Bounds()
    heart.nodes = 3
    heart.terms = 2
    heart.limits[.tick] = 1
    heart.limits[.crash] = 0
    heart.limits[.timeout] = 2
    heart.inFlight = 4
    var dup = Bounds()
    dup.nodes = 2
    dup.voters = 2
    dup.limits[.duplicate] = 2
    dup.limits[.proposal] = 2
    var joint = Bounds()
    joint.voters = 1
    joint.nodes = 3
    joint.terms = 2
    joint.limits[.change] = 1
    joint.limits[.timeout] = 2
    joint.limits[.crash] = 0
    joint.changes = [
      ConfigurationChange(transition: .explicit, steps: [.addVoter(2), .addVoter(3)])
    ]
    return [("plain", plain), ("deep", deep), ("heart", heart), ("dup", dup), ("joint", joint)]
  }
}
