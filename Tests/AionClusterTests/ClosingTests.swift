import AionCluster
import Testing

@Suite("Closing and cancelling")
struct ClosingTests {
  @Test("close() finishes what was accepted, and refuses what comes after")
  func closeFinishes() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    let writers = (0..<200).map { number in
      Task {
        try await plane.upsertRole(ClusterRoleDescriptor(name: "role-\(number)"))
      }
    }
    await plane.close()
    var acknowledged = 0
    for writer in writers {
      switch await writer.result {
      case .success: acknowledged += 1
      case .failure(let error): #expect(error as? ClusterError == .closed)
      }
    }
    await #expect(throws: ClusterError.closed) {
      try await plane.upsertRole(ClusterRoleDescriptor(name: "late"))
    }
    #expect(plane.snapshot().roles().count == acknowledged)
    let again = try await folder.open()
    #expect(again.snapshot().roles().count == acknowledged)
    await again.close()
  }

  @Test("Closing twice is nothing, and reads still work")
  func closeTwice() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    try await plane.upsertRole(ClusterRoleDescriptor(name: "ada"))
    await plane.close()
    await plane.close()
    #expect(plane.snapshot().role(named: "ada") != nil)
    await #expect(throws: ClusterError.closed) { try await plane.compact() }
  }

  @Test("A plane that nobody holds any more closes itself")
  func closesItself() async throws {
    let folder = try DataFolder()
    let ending: Ending
    do {
      let plane = try await folder.open()
      try await plane.upsertRole(ClusterRoleDescriptor(name: "ada"))
      ending = plane.ending
    }
    await ending.wait()
    let again = try await folder.open()
    #expect(again.snapshot().role(named: "ada") != nil)
    await again.close()
  }

  @Test("A cancelled writer stops waiting; its neighbours get their answers")
  func cancellation() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    let writers = (0..<100).map { number in
      Task { try await plane.upsertRole(ClusterRoleDescriptor(name: "role-\(number)")) }
    }
    for number in stride(from: 0, to: 100, by: 2) { writers[number].cancel() }
    for (number, writer) in writers.enumerated() {
      switch await writer.result {
      case .success: #expect(plane.snapshot().role(named: "role-\(number)") != nil)
      case .failure(let error):
        #expect(error as? ClusterError == .cancelled)
        #expect(number.isMultiple(of: 2))
      }
    }
    await plane.close()
  }

  @Test("A full queue refuses with the limit, and what it holds is written")
  func backPressure() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open(DurableConfiguration(maximumQueuedWrites: 4))
    let outcomes = await withTaskGroup(of: Result<CatalogVersion, ClusterError>.self) { group in
      for number in 0..<500 {
        group.addTask {
          do throws(ClusterError) {
            return .success(
              try await plane.upsertRole(ClusterRoleDescriptor(name: "role-\(number)")))
          } catch {
            return .failure(error)
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    let refusals = outcomes.compactMap { outcome in
      if case .failure(let error) = outcome { error } else { nil }
    }
    #expect(refusals.allSatisfy { $0 == .busy(.queueFull(limit: 4)) })
    #expect(plane.snapshot().roles().count == outcomes.count - refusals.count)
    await plane.close()
  }
}
