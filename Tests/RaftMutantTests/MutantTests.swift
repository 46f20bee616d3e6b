import AionModel
import Testing

@Suite("Every mutant of the core is caught")
struct MutantTests {
  @Test("Each mutant stands where its list says")
  func mutantsAreInPlace() {
    #expect(Mutant.stale.isEmpty, "the source has changed; put right Mutants.txt")
    #expect(Mutant.allCases.count >= 10)
  }

  @Test("The explorer catches what a short history shows", arguments: Mutant.allCases)
  func explorerCatches(_ mutant: Mutant) throws {
    guard var bounds = mutant.bounds else { return }
    bounds.mutant = mutant
    var explorer = try Explorer(bounds)
    var conditions = StopConditions()
    conditions.states = 1_000_000
    let report = explorer.run(until: conditions)
    guard case .violated(let counterexample) = report.outcome else {
      Issue.record("\(mutant) lives: \(report.states) states, depth \(report.depth)")
      return
    }
    #expect(counterexample.length > 1)
  }

  @Test("Random runs catch what takes a long history", arguments: Mutant.allCases)
  func randomRunsCatch(_ mutant: Mutant) throws {
    guard mutant.bounds == nil else { return }
    for seed in UInt64(1)...400 {
      var plan = RandomPlan(seed: seed)
      plan.options.mutant = mutant
      var run = try RandomRun(plan)
      do throws(Violation) { try run.run() } catch { return }
    }
    Issue.record("\(mutant) lives through 400 seeds")
  }

  @Test("Without a mutant the same bounds and seeds show nothing")
  func nothingIsCaughtWithoutMutant() throws {
    for bounds in Mutant.allCases.compactMap(\.bounds) {
      var explorer = try Explorer(bounds)
      var conditions = StopConditions()
      conditions.states = 20_000
      if case .violated(let counterexample) = explorer.run(until: conditions).outcome {
        Issue.record("\(counterexample.violation)")
      }
    }
  }
}

extension Mutant {
  /// Small bounds within which the explorer finds it; none for those that random runs find.
  var bounds: Bounds? {
    switch self {
    case .countsItselfBeforeTheSync, .appendsAnywhere, .answersReadsUnconfirmed,
      .believesCommitsOfOtherLogs, .ignoresWhatVotersKnow:
      nil
    case .electsWithOneMajority:
      // The first voter forgets in a crash that it had committed the change.
      .twoNodes { bounds in
        bounds.voters = 1
        bounds.terms = 2
        bounds.changes = [
          ConfigurationChange(transition: .explicit, steps: [.remove(1), .addVoter(2)])
        ]
        bounds.limits[.change] = 1
        bounds.limits[.timeout] = 3
        bounds.limits[.crash] = 1
      }
    case .answersReadsAtOnce:
      .threeNodes { bounds in
        bounds.terms = 2
        bounds.limits[.timeout] = 2
        bounds.limits[.read] = 1
      }
    case .answersReadsBeforeItsFirstCommit:
      .twoNodes { bounds in
        bounds.terms = 2
        bounds.limits[.timeout] = 2
        bounds.limits[.read] = 1
      }
    case .countsOldTerms:
      .twoNodes { bounds in
        bounds.splitsEntries = true
        bounds.terms = 2
        bounds.limits[.timeout] = 2
        bounds.limits[.crash] = 1
      }
    case .commitsWithOneMajority:
      .twoNodes { bounds in
        bounds.changes = [ConfigurationChange(transition: .explicit, steps: [.remove(2)])]
        bounds.limits[.change] = 1
        bounds.limits[.proposal] = 1
      }
    case .truncatesWhatMatches:
      .twoNodes { bounds in
        bounds.limits[.duplicate] = 1
        bounds.limits[.proposal] = 2
      }
    case .heartbeatsCommitTooMuch: .threeNodes { $0.limits[.tick] = 1 }
    case .grantsTwoVotes, .ignoresLogsInVotes, .forgetsItsVoteWhenItLoses, .followsOldTerms:
      .threeNodes { bounds in
        bounds.terms = 3
        bounds.limits[.timeout] = 3
      }
    case .asksBeforeItsVoteIsDurable, .acknowledgesBeforeTheSync, .forgetsItsVoteInACrash,
      .losesAnEntryInACrash:
      .threeNodes { bounds in
        bounds.terms = 2
        bounds.limits[.timeout] = 2
        bounds.limits[.crash] = 1
      }
    }
  }
}

extension Bounds {
  fileprivate static func twoNodes(_ change: (inout Bounds) -> Void) -> Bounds {
    var bounds = Bounds()
    bounds.nodes = 2
    bounds.voters = 2
    bounds.terms = 1
    bounds.limits = Tally()
    bounds.limits[.timeout] = 1
    change(&bounds)
    return bounds
  }

  fileprivate static func threeNodes(_ change: (inout Bounds) -> Void) -> Bounds {
    var bounds = Bounds()
    bounds.terms = 1
    bounds.limits = Tally()
    bounds.limits[.timeout] = 1
    change(&bounds)
    return bounds
  }
}
