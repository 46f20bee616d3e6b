import Testing
import WorldMutants

/// A mutant, and where worlds find it: in so many seeds, counted from 1.
struct PlantedBug: CustomTestStringConvertible, Sendable {
  enum Machine: String { case catalog, registers }

  var mutant: Mutant
  var habitat: Habitat
  var machine: Machine
  var seeds: UInt64

  init(_ mutant: Mutant, _ habitat: Habitat, _ machine: Machine = .catalog, seeds: UInt64) {
    self.mutant = mutant
    self.habitat = habitat
    self.machine = machine
    self.seeds = seeds
  }

  func violation(_ seed: UInt64, isPlanted: Bool) -> String? {
    habitat.run(
      seed: seed, ofRegisters: machine == .registers, mutant: isPlanted ? mutant : nil)
  }

  var testDescription: String {
    "\(mutant.rawValue), \(habitat.rawValue) worlds of \(machine.rawValue)"
  }
}

extension PlantedBug {
  static let all: [PlantedBug] = [
    // Raft
    PlantedBug(.grantsTwoVotes, .stormy, seeds: 40),
    PlantedBug(.ignoresLogsInVotes, .any, seeds: 5),
    PlantedBug(.votesWhileItRecovers, .rotting, seeds: 40),
    PlantedBug(.commitsWithOneMajority, .changing, seeds: 40),
    PlantedBug(.countsOldTerms, .stormy, seeds: 40),
    PlantedBug(.truncatesWhatMatches, .any, seeds: 5),
    PlantedBug(.acknowledgesWhatItHasNot, .stormy, seeds: 40),
    PlantedBug(.answersReadsUnconfirmed, .torn, seeds: 40),
    PlantedBug(.answersReadsInANewTerm, .torn, seeds: 40),
    // Node
    PlantedBug(.acknowledgesBeforeTheSync, .any, seeds: 5),
    PlantedBug(.forgetsItsVoteAtRestart, .stormy, seeds: 40),
    PlantedBug(.appliesTwiceAfterRestart, .any, seeds: 5),
    PlantedBug(.deletesSegmentsBeforeTheSnapshotIsDurable, .stormy, seeds: 40),
    PlantedBug(.readsBeforeApplying, .torn, seeds: 40),
    PlantedBug(.takesAWipedReplicaForItself, .rotting, seeds: 40),
    PlantedBug(.keepsItsStateWhenASnapshotComes, .any, seeds: 5),
    // Log
    PlantedBug(.doesNotSync, .any, seeds: 5),
    PlantedBug(.goesOnAfterAFailedSync, .any, seeds: 10),
    PlantedBug(.takesDamageForATornTail, .rotting, seeds: 40),
    PlantedBug(.leavesTheNameUnsynced, .any, seeds: 5),
    PlantedBug(.losesTermAndVoteWithASegment, .stormy, seeds: 40),
    PlantedBug(.installsBeforeTermAndVote, .stormy, seeds: 40),
    // Catalog
    PlantedBug(.skipsTheSessionCheck, .any, seeds: 5),
    PlantedBug(.usesIDsAgain, .any, seeds: 5),
    PlantedBug(.leavesRolesInTheDigest, .small, seeds: 10),
    PlantedBug(.leavesSessionsOutOfSnapshots, .small, seeds: 5),
    PlantedBug(.keepsHalfABatch, .any, seeds: 5),
    PlantedBug(.stampsNoEpoch, .any, seeds: 5),
    // A state machine of another's
    PlantedBug(.repeatsWhatIsRepeated, .torn, .registers, seeds: 40),
  ]

  /// Each kind of world once, with the most seeds that a mutant asks of it.
  static var places: [PlantedBug] {
    var places: [PlantedBug] = []
    for bug in all {
      let known = places.firstIndex { $0.habitat == bug.habitat && $0.machine == bug.machine }
      if let known {
        places[known].seeds = max(places[known].seeds, bug.seeds)
      } else {
        places.append(bug)
      }
    }
    return places
  }
}
