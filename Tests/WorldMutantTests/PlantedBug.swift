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

  var testDescription: String { "\(mutant.rawValue), in \(habitat.rawValue) worlds" }
}

extension PlantedBug {
  static let all: [PlantedBug] = [
    // Raft
    PlantedBug(.grantsTwoVotes, .small, seeds: 9),
    PlantedBug(.ignoresLogsInVotes, .electing, seeds: 3),
    PlantedBug(.countsOldTerms, .electing, seeds: 8),
    PlantedBug(.truncatesWhatMatches, .electing, seeds: 6),
    PlantedBug(.acknowledgesWhatItHasNot, .electing, seeds: 4),
    PlantedBug(.answersReadsInANewTerm, .torn, seeds: 50),
    // Recovery
    PlantedBug(.votesWhileItRecovers, .mending, seeds: 20),
    PlantedBug(.goesOnAsIfWhole, .rotting, seeds: 4),
    PlantedBug(.forgetsAtARestartThatItRecovers, .hoarding, seeds: 12),
    PlantedBug(.asksForReadmissionOnce, .rotting, seeds: 3),
    PlantedBug(.keepsTheProgressOfWhoLost, .hoarding, seeds: 8),
    PlantedBug(.takesAWipedReplicaForItself, .rotting, seeds: 3),
    // Node
    PlantedBug(.acknowledgesBeforeTheSync, .failing, seeds: 4),
    PlantedBug(.doesNotSyncWhoIsAMember, .changing, seeds: 10),
    PlantedBug(.forgetsItsVoteAtRestart, .small, seeds: 40),
    PlantedBug(.appliesTwiceAfterRestart, .failing, seeds: 3),
    PlantedBug(.readsBeforeApplying, .torn, seeds: 14),
    PlantedBug(.keepsItsStateWhenASnapshotComes, .changing, seeds: 3),
    // Log
    PlantedBug(.doesNotSync, .stormy, seeds: 3),
    PlantedBug(.goesOnAfterAFailedSync, .failing, seeds: 5),
    PlantedBug(.believesWhatItReadsBack, .small, seeds: 40),
    PlantedBug(.dropsTheTailOfASealedSegment, .rotting, seeds: 8),
    PlantedBug(.leavesTheNameUnsynced, .electing, seeds: 3),
    PlantedBug(.losesTheVoteWithASegment, .failing, seeds: 20),
    // Catalog
    PlantedBug(.usesIDsAgain, .hoarding, seeds: 5),
    PlantedBug(.leavesRolesInTheDigest, .changing, seeds: 5),
    PlantedBug(.keepsHalfABatch, .changing, seeds: 3),
    PlantedBug(.stampsNoEpoch, .torn, seeds: 3),
    // Sessions
    PlantedBug(.skipsTheSessionCheck, .changing, seeds: 3),
    PlantedBug(.leavesSessionsOutOfSnapshots, .failing, seeds: 3),
    PlantedBug(.keepsNoRefusals, .torn, seeds: 10),
    PlantedBug(.forgetsAnAnswerThatIsAskedFor, .failing, seeds: 3),
    PlantedBug(.keepsTheNewestAnswerOnly, .hoarding, seeds: 3),
    // Placement; how a set is ordered differs from process to process
    PlantedBug(.plansInSetOrder, .hoarding, seeds: 40),
  ]
}
