import AionCluster
import AionModel
import AionRaft
import Testing

@Suite("A replica on its own thread, one of several")
struct ReplicatedPlaneTests {
  @Test("What the leader acknowledges, a linearizable read on any replica shows")
  func replicates() async throws {
    let group = try await ReplicaGroup.founded(3)
    for number in 0..<20 {
      try await group.write(number)
      for id in group.ids {
        let plane = try #require(group[id])
        let role = try await retrying {
          try await plane.role(named: "role-\(number)")
        }
        #expect(role != nil, "write \(number) on replica \(id)")
      }
    }
    #expect(Set(group.ids.map { group[$0]?.status().storage.clusterID }) == [7])
    await group.closeAll()
  }

  @Test("Writes of many tasks share batches and reads share rounds")
  func manyTasks() async throws {
    let group = try await ReplicaGroup.founded(3)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for task in 0..<64 {
        tasks.addTask {
          for number in 0..<10 {
            try await group.write(task * 10 + number)
            let plane = await group.leader()
            let role = try await retrying {
              try await plane.role(named: "role-\(task * 10 + number)")
            }
            #expect(role != nil)
          }
        }
      }
      try await tasks.waitForAll()
    }
    let plane = await group.leader()
    #expect(plane.snapshot().roles().count == 640)
    #expect(plane.status().storage.syncedBatches < 640)
    await group.closeAll()
  }

  @Test("A replica that does not lead refuses writes with the leader's name and address")
  func refuses() async throws {
    let group = try await ReplicaGroup.founded(3)
    try await group.write(0)
    var leader = await group.leader()
    if leader.identity.replica != 2 {
      try await retrying {
        try await group.leader().transferLeadership(to: 2)
      }
      leader = await group.leader(otherThan: leader.identity.replica)
    }
    #expect(leader.identity.replica == 2)
    let other = try #require(group[1])
    try await retrying { try await other.confirmRead() }
    await #expect(throws: ClusterError.notLeader(leader: "node-2", address: "b:2")) {
      try await other.upsertRole(ClusterRoleDescriptor(name: "ada"))
    }
    await group.closeAll()
  }

  @Test("A leader that leaves answers what it accepted and hands over; nothing is lost")
  func leaves() async throws {
    let group = try await ReplicaGroup.founded(3)
    let old = await group.leader()
    try await group.write(0)
    let writers = (1...200).map { number in
      Task { try await old.upsertRole(ClusterRoleDescriptor(name: "role-\(number)")) }
    }
    await group.close(old.identity.replica)
    var acknowledged = [0]
    for (number, writer) in zip(1..., writers) {
      switch await writer.result {
      case .success: acknowledged.append(number)
      case .failure(let error):
        let error = try #require(error as? ClusterError)
        #expect(error == .closed || error.isPassing, "\(error)")
      }
    }
    let next = await group.leader(otherThan: old.identity.replica)
    // It was handed over, and not waited for.
    #expect(next.status().storage.term.rawValue <= old.status().storage.term.rawValue + 1)
    for number in acknowledged {
      let role = try await retrying {
        try await group.leader().role(named: "role-\(number)")
      }
      #expect(role != nil, "write \(number) is lost")
    }
    try await group.open(old.identity.replica, .join)
    try await group.write(300)
    await group.closeAll()
  }

  @Test("A leader that is cut off answers no read; another one takes over")
  func isolated() async throws {
    let group = try await ReplicaGroup.founded(3)
    try await group.write(0)
    let old = await group.leader()
    group.isolate([old.identity.replica])
    let stale = Task { try await old.confirmRead() }
    let next = await group.leader(otherThan: old.identity.replica)
    await #expect(throws: ClusterError.self) { try await stale.value }
    try await retrying {
      try await next.upsertRole(ClusterRoleDescriptor(name: "role-1"))
    }
    #expect(old.snapshot().role(named: "role-1") == nil)
    group.isolate([])
    let role = try await retrying {
      try await old.role(named: "role-1")
    }
    #expect(role != nil)
    await group.closeAll()
  }

  @Test("A replica joins by way of the leader's snapshot and then votes")
  func joins() async throws {
    let group = try await ReplicaGroup.founded(1)
    for number in 0..<50 { try await group.write(number) }
    let leader = await group.leader()
    try await leader.compact()
    let joiner = try await group.open(leader.unusedReplicaID, .join)
    #expect(joiner.identity.replica == 2)
    let follower = Task {
      var changes = joiner.changes(from: 1).makeAsyncIterator()
      while try await changes.next() != nil {}
    }
    try await leader.changeMembership(ConfigurationChange(steps: [.addLearner(2)]))
    let membership = try await retrying {
      try await leader.changeMembership(ConfigurationChange(steps: [.addVoter(2)]))
    }
    #expect(membership.voters == [1, 2])
    try await retrying { try await joiner.confirmRead() }
    #expect(joiner.snapshot().roles().count == 50)
    #expect(joiner.status().installedSnapshots == 1)
    // Those who follow changes are told that there is more to the state than changes.
    switch await follower.result {
    case .success: Issue.record("the changes ended")
    case .failure(let error):
      guard case .compacted = error as? ClusterError else {
        Issue.record("\(error)")
        break
      }
    }
    await group.closeAll()
  }

  @Test("A page of changes tells how far the replica has come, also where nothing changed")
  func pages() async throws {
    let group = try await ReplicaGroup.founded(1)
    try await group.write(0)
    let plane = await group.leader()
    let first = plane.snapshot().applied
    try await group.write(0)
    let page = try await plane.changePage(from: first.next)
    #expect(page.changes.isEmpty)
    #expect(page.through == plane.snapshot().applied)
    let later = Task { try await plane.changePage(from: page.through.next) }
    let reached = Task { try await plane.snapshot(atLeast: page.through.next) }
    try await group.write(1)
    #expect(try await later.value.changes.count == 1)
    #expect(try await reached.value.roles().count == 2)
    let never = Task { try await plane.snapshot(atLeast: 1_000_000) }
    await group.closeAll()
    await #expect(throws: ClusterError.closed) { try await never.value }
  }

  @Test("A replica that is wiped promises nothing under its old number")
  func wiped() async throws {
    let group = try await ReplicaGroup.founded(3)
    try await group.write(0)
    let id = try #require(group.ids.last)
    await group.close(id)
    group.wipe(id)
    try await group.open(id, .bootstrap([1, 2, 3]))
    for number in 1..<20 { try await group.write(number) }
    #expect(group[id]?.status().storage.appliedIndex == .zero)
    #expect(group[id]?.status().isIntroduced == false)
    await group.closeAll()
  }
}

/// Asks again as long as that is worth while.
@discardableResult
func retrying<Answer: Sendable>(
  _ body: () async throws -> Answer
) async throws -> Answer {
  while true {
    do {
      return try await body()
    } catch let error as ClusterError where error.isPassing || error.isNotYetIntroduced {}
  }
}

extension ClusterError {
  fileprivate var isNotYetIntroduced: Bool {
    if case .membershipRefused(let problem) = self {
      return switch problem {
      case .notIntroduced, .changeInProgress: true
      default: false
      }
    }
    return false
  }
}
