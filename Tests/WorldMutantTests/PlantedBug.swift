import Testing
import WorldMutants

/// A mutant, and where worlds find it: in so many seeds, counted from 1.
struct PlantedBug: CustomTestStringConvertible, Sendable {
  var mutant: Mutant
  var habitat: Habitat
  var seeds: UInt64

  init(_ mutant: Mutant, _ habitat: Habitat, seeds: UInt64) {
    self.mutant = mutant
    self.habitat = habitat
    self.seeds = seeds
  }

  /// Its row in Docs/Simulation.md, but for what it is.
  var row: String { "| `\(mutant.rawValue)` | \(habitat.rawValue) | \(seeds) |" }

  var testDescription: String { "\(mutant.rawValue), in \(habitat.rawValue) worlds" }
}

extension PlantedBug {
  /// Seeds: half as many again as the longest run of the first 300 that did not find it, for
  /// whatever changes in the product or in a world deals all of them anew. What takes hundreds
  /// looks at 300.
  static let all: [PlantedBug] = [
    // Raft
    PlantedBug(.grantsTwoVotes, .electing, seeds: 3),
    PlantedBug(.ignoresLogsInVotes, .electing, seeds: 5),
    PlantedBug(.waitsForWhoeverIsRefused, .electing, seeds: 65),
    PlantedBug(.countsOldTerms, .electing, seeds: 300),
    PlantedBug(.truncatesWhatMatches, .torn, seeds: 25),
    PlantedBug(.acknowledgesWhatItHasNot, .electing, seeds: 15),
    PlantedBug(.answersReadsUnconfirmed, .torn, seeds: 50),
    PlantedBug(.answersReadsInANewTerm, .electing, seeds: 75),
    // Recovery
    PlantedBug(.votesWhileItRecovers, .mending, seeds: 110),
    PlantedBug(.goesOnAsIfWhole, .mending, seeds: 25),
    PlantedBug(.forgetsAtARestartThatItRecovers, .mending, seeds: 15),
    PlantedBug(.asksForReadmissionOnce, .rotting, seeds: 20),
    PlantedBug(.keepsTheProgressOfWhoLost, .hoarding, seeds: 55),
    PlantedBug(.takesAWipedReplicaForItself, .rotting, seeds: 70),
    // Node
    PlantedBug(.acknowledgesBeforeTheSync, .failing, seeds: 20),
    PlantedBug(.doesNotSyncWhoIsAMember, .changing, seeds: 110),
    PlantedBug(.forgetsItsVoteAtRestart, .electing, seeds: 25),
    PlantedBug(.appliesTwiceAfterRestart, .failing, seeds: 5),
    PlantedBug(.deletesSegmentsBeforeTheSnapshotIsDurable, .failing, seeds: 65),
    PlantedBug(.readsBeforeApplying, .torn, seeds: 85),
    PlantedBug(.keepsItsStateWhenASnapshotComes, .rotting, seeds: 15),
    // Log
    PlantedBug(.doesNotSync, .stormy, seeds: 10),
    PlantedBug(.goesOnAfterAFailedSync, .failing, seeds: 15),
    PlantedBug(.believesWhatItReadsBack, .failing, seeds: 60),
    PlantedBug(.dropsTheTailOfASealedSegment, .mending, seeds: 20),
    PlantedBug(.leavesTheNameUnsynced, .electing, seeds: 6),
    PlantedBug(.losesTheVoteWithASegment, .electing, seeds: 25),
    // Catalog
    PlantedBug(.usesIDsAgain, .hoarding, seeds: 45),
    PlantedBug(.leavesRolesInTheDigest, .failing, seeds: 10),
    PlantedBug(.keepsHalfABatch, .hoarding, seeds: 10),
    PlantedBug(.stampsNoEpoch, .hoarding, seeds: 20),
    // Sessions
    PlantedBug(.skipsTheSessionCheck, .torn, seeds: 10),
    PlantedBug(.leavesSessionsOutOfSnapshots, .failing, seeds: 5),
    PlantedBug(.keepsNoRefusals, .torn, seeds: 70),
    PlantedBug(.forgetsAnAnswerThatIsAskedFor, .torn, seeds: 5),
    PlantedBug(.keepsTheNewestAnswerOnly, .torn, seeds: 10),
    PlantedBug(.tellsNobodyOfRefusals, .hoarding, seeds: 3),
    // Placement; how a set is ordered differs from process to process
    PlantedBug(.plansInSetOrder, .hoarding, seeds: 40),
  ]
}
