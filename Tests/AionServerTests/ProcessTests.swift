import AionServer
import ClusterRig
import Foundation
import Testing

@Suite("Processes of a group", .serialized, .timeLimit(.minutes(5)))
struct ProcessTests {
  @Test("Three found a group; the leader is killed, another one leads, the killed one comes back")
  func killed() async throws {
    try await ClusterRig.run(founders: 3) { rig in
      let first = try await rig.leader()
      try rig.kill(first)
      let second = try await rig.leader(otherThan: first)
      #expect(second != first)
      try rig.start(first)
      let pages = try await rig.wait("everyone is ready") { pages in
        pages.count == 3 && pages.values.allSatisfy(\.isReady)
      }
      #expect(Set(pages.values.map(\.cluster)).count == 1)
      #expect(Set(pages.values.map(\.leader)).count == 1)
    }
  }

  @Test("A rolling restart by SIGTERM: the leader hands over, and each process ends with 0")
  func rolling() async throws {
    try await ClusterRig.run(founders: 3) { rig in
      for number in rig.numbers {
        let leader = try await rig.leader()
        let term = try #require(await rig.status(of: leader)).term
        let status = try rig.stop(number)
        let log = try rig.log(of: number)
        #expect(status == 0, "\(log)")
        if number == leader {
          let next = try await rig.leader(otherThan: number)
          // Handed over, and not waited for.
          #expect(try #require(await rig.status(of: next)).term <= term + 1)
        }
        try rig.start(number)
        try await rig.wait("everyone is ready") { pages in
          pages.count == 3 && pages.values.allSatisfy(\.isReady)
        }
      }
    }
  }

  @Test("From one to three to five to three processes; those that join vote by themselves")
  func growth() async throws {
    try await ClusterRig.run(founders: 1) { rig in
      for count in 2...5 {
        _ = try rig.grow()
        try await Self.voters(count, in: rig)
      }
      for number in [5, 4] {
        try await rig.remove(number)
        try rig.stop(number)
        try await Self.voters(number - 1, in: rig)
      }
      // Who joined is one of them after a restart too, with nobody who founded the group.
      for number in [2, 3] { try rig.restart(number) }
      try rig.kill(1)
      _ = try await rig.leader(otherThan: 1)
    }
  }

  private static func voters(_ count: Int, in rig: ClusterRig) async throws {
    try await rig.wait("\(count) voters") { pages in
      pages.count >= count
        && pages.values.filter { $0.members.count { $0.isVoter } == count && $0.isReady }.count
          >= count
    }
  }

  @Test("A process whose directory was wiped is refused, says so and ends; a new one replaces it")
  func wiped() async throws {
    try await ClusterRig.run(founders: 3) { rig in
      let leader = try await rig.leader()
      let victim = try #require(rig.numbers.first { $0 != leader })
      try rig.kill(victim)
      try rig.wipe(victim)
      try rig.start(victim)
      #expect(try rig.exitStatus(of: victim) == 76)
      #expect(try rig.log(of: victim).contains("by another directory"))
      try await rig.remove(victim)
      _ = try rig.grow()
      try await Self.voters(3, in: rig)
    }
  }

  @Test("A leader that hangs is replaced, and follows when it wakes")
  func hangs() async throws {
    try await ClusterRig.run(founders: 3) { rig in
      let old = try await rig.leader()
      try rig.pause(old)
      _ = try await rig.leader(otherThan: old)
      try rig.resume(old)
      try await rig.wait("everyone follows one leader") { pages in
        pages.count == 3 && pages.values.allSatisfy(\.isReady)
          && pages.values.count { $0.role == "leader" } == 1
      }
    }
  }
}
