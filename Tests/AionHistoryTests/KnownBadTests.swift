import AionHistory
import AionModel
import Testing

/// What databases were found to do, each as the shortest history that shows it.
@Suite("Histories that are known to be bad")
struct KnownBadTests {
  @Test("A stale read")
  func staleRead() throws {
    var story = Story("register/x")
    story.call(1, "write", 1)
    story.call(1, "write", 2)
    story.call(2, "read", .nothing, 1)
    try expectViolation(story, of: [2, 3])
  }

  @Test("A lost update: two exchanges from one value")
  func lostUpdate() throws {
    var story = Story("register/x")
    story.call(1, "write", 0)
    story.invoke(1, "cas", [0, 1])
    story.invoke(2, "cas", [0, 2])
    story.ok(1, true)
    story.ok(2, true)
    try expectViolation(story, of: [2, 3])
  }

  @Test("A split brain: two leaders acknowledge and each reads its own")
  func splitBrain() throws {
    var story = Story("register/x")
    story.call(1, "write", 1)
    story.call(2, "write", 2)
    story.call(3, "read", .nothing, 1)
    story.call(4, "read", .nothing, 2)
    #expect(try story.check().verdict == .violated)
  }

  @Test("A dirty read of what has certainly not been done")
  func dirtyRead() throws {
    var story = Story("register/x")
    story.invoke(1, "write", 1)
    story.call(2, "read", .nothing, 1)
    story.fail(1)
    try expectViolation(story, of: [2])
  }

  @Test("A request that is applied twice")
  func duplicateApply() throws {
    var story = Story("counter/x")
    story.call(1, "add", 1)
    story.call(2, "read", .nothing, 2)
    try expectViolation(story, of: [2])
  }

  @Test("A retry that appends twice")
  func duplicateAppend() throws {
    var story = Story("list/x")
    story.invoke(1, "append", 7)
    story.info(1)
    story.call(2, "read", .nothing, [7, 7])
    #expect(try story.check().verdict == .violated)
  }

  @Test("Reads that go back while the write is in flight")
  func readsGoBack() throws {
    var story = Story("register/x")
    story.call(1, "write", 1)
    story.invoke(1, "write", 2)
    story.call(2, "read", .nothing, 2)
    story.call(3, "read", .nothing, 1)
    story.ok(1)
    try expectViolation(story, of: [3, 4])
  }

  @Test("A lost write after a crash")
  func lostWrite() throws {
    var story = Story("list/x")
    story.call(1, "append", 1)
    story.call(1, "append", 2)
    story.call(2, "read", .nothing, [1])
    #expect(try story.check().verdict == .violated)
  }

  @Test("A name that is given twice")
  func doubleCreate() throws {
    var story = Story("names/databases")
    story.call(1, "create", "a", 2)
    story.call(2, "create", "a", 3)
    try expectViolation(story, of: [1, 2])
  }

  @Test("An id that is used again after a drop")
  func reusedID() throws {
    var story = Story("names/databases")
    story.call(1, "create", "a", 2)
    story.call(1, "drop", "a", true)
    story.call(2, "create", "b", 2)
    #expect(try story.check().verdict == .violated)
  }

  @Test("A placement whose epoch goes back")
  func epochGoesBack() throws {
    var story = Story("placement/shard-1")
    story.call(1, "write", "a", 5)
    story.call(2, "write", "b", 4)
    #expect(try story.check().verdict == .violated)
  }

  @Test("A placement that two clients replace from the same version")
  func fencingFails() throws {
    var story = Story("placement/shard-1")
    story.call(1, "write", "a", 5)
    story.call(2, "cas-version", [5, "b"], 6)
    story.call(3, "cas-version", [5, "c"], 7)
    #expect(try story.check().verdict == .violated)
  }

  @Test("One bad object spoils a history, however good the others are")
  func oneOfSeveral() throws {
    var good = Story("register/good")
    good.call(1, "write", 1)
    good.call(1, "read", .nothing, 1)
    var bad = Story("register/bad")
    bad.call(1, "write", 1)
    bad.call(1, "read", .nothing, 2)
    let events = (good.events + bad.events).enumerated().map { place, event in
      var event = event
      event.time = HistoryTime(UInt64(place))
      return event
    }
    let report = try LinearizabilityChecker().check(History(events))
    #expect(report.objects == 2)
    #expect(report.violations.map(\.key) == [HistoryKey("register/bad")])
  }

  /// - Parameter clients: Whose operations cannot be put in order; each is known by its place among
  ///   all, counted from 1.
  private func expectViolation(
    _ story: Story, of places: [Int], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let report = try story.check()
    let all = try History(story.events).operations
    #expect(report.verdict == .violated, sourceLocation: sourceLocation)
    #expect(
      report.violations.first?.window == places.map { all[$0 - 1] },
      "\(report.violations.first?.explanation ?? "")", sourceLocation: sourceLocation)
  }
}

@Suite("Histories that look bad and are good")
struct SurprisinglyGoodTests {
  @Test("A write that nobody answered is seen late, and another never")
  func unknownOutcomes() throws {
    var story = Story("register/x")
    story.invoke(1, "write", 1)
    story.info(1)
    story.invoke(2, "write", 2)
    story.info(2)
    story.call(3, "write", 3)
    story.call(3, "read", .nothing, 3)
    story.call(3, "read", .nothing, 1)
    #expect(try story.check().verdict == .linearizable)
  }

  @Test("A client may go on after an answer that never came")
  func goesOn() throws {
    var story = Story("register/x")
    story.invoke(1, "write", 1)
    story.info(1)
    story.call(1, "read")
    story.call(1, "read", .nothing, 1)
    #expect(try story.check().verdict == .linearizable)
  }

  @Test("A version that nobody told is found out by a read, and holds from then on")
  func unknownVersion() throws {
    var story = Story("placement/shard-1")
    story.call(1, "write", "a", 5)
    story.invoke(2, "write", "b")
    story.info(2)
    story.call(3, "read", .nothing, ["b", 9])
    #expect(try story.check().verdict == .linearizable)
    story.call(3, "read", .nothing, ["b", 8])
    #expect(try story.check().verdict == .violated)
  }

  @Test("A local read may lag")
  func localRead() throws {
    var story = Story("register/x")
    story.call(1, "write", 1)
    story.call(1, "write", 2)
    story.call(2, "read", .nothing, 1, isLocal: true)
    #expect(try story.check().verdict == .linearizable)
  }
}
