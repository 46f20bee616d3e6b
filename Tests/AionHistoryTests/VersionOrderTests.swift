import AionHistory
import AionModel
import Testing

@Suite("The indexes that clients are told")
struct VersionOrderTests {
  @Test("A read that begins after an index is known has no lower one")
  func staleRead() {
    var story = Story("register/x")
    story.call(1, "write", 1, at: 5)
    story.call(2, "read", .nothing, 1, at: 4)
    expect(story, .stale(known: 5))
  }

  @Test("A read that began earlier may have a lower one")
  func concurrentRead() {
    var story = Story("register/x")
    story.invoke(2, "read")
    story.call(1, "write", 1, at: 5)
    story.ok(2, at: 4)
    expect(story, nil)
  }

  @Test("Other objects count too, since there is one log")
  func otherObjects() {
    var other = Story("register/y")
    other.call(1, "write", 1, at: 5)
    var story = Story("register/x")
    story.call(2, "write", 1, at: 5)
    #expect(
      VersionOrder.violations(in: other.events + story.events).map(\.rule)
        == [.changeInThePast(known: 5)])
  }

  @Test("A local read may lag behind others, not behind its own client")
  func localReads() {
    var story = Story("register/x")
    story.call(1, "write", 1, at: 5)
    story.call(2, "read", .nothing, 1, at: 4, isLocal: true)
    expect(story, nil)
    story.call(2, "read", .nothing, 0, at: 3, isLocal: true)
    expect(story, .wentBack(from: 4))
  }

  @Test("Two changes have two indexes")
  func sharedIndex() {
    var story = Story("register/x")
    story.invoke(1, "write", 1)
    story.invoke(2, "write", 2)
    story.ok(1, at: 5)
    story.ok(2, at: 5)
    expect(story, .sharedIndex(with: 1, "write"))
  }

  @Test("Reads of one object at one index have one answer")
  func twoAnswers() {
    var story = Story("register/x")
    story.call(1, "read", .nothing, 1, at: 5)
    story.call(2, "read", .nothing, 1, at: 5)
    expect(story, nil)
    story.call(3, "read", .nothing, 2, at: 5)
    expect(story, .twoAnswers(1))
  }

  @Test("A request that is sent again has the index that it had")
  func exactlyOnce() {
    let request = HistoryRequest(session: 7, sequence: 1)
    var story = Story("register/x")
    story.invoke(1, "write", 1, request: request)
    story.invoke(2, "write", 1, request: request)
    story.ok(1, at: 5)
    story.ok(2, at: 5)
    expect(story, nil)
    story.invoke(3, "write", 1, request: request)
    story.ok(3, at: 8)
    expect(story, .doneTwice(request, at: 5))
  }

  @Test("The requests of a session have their indexes in their order", arguments: [1, 3])
  func sessions(_ sequence: UInt64) {
    let request = HistoryRequest(session: 7, sequence: sequence)
    var story = Story("register/x")
    story.invoke(1, "write", 1, request: HistoryRequest(session: 7, sequence: 2))
    story.invoke(2, "write", 1, request: request)
    story.ok(1, at: 5)
    story.ok(2, at: sequence == 1 ? 6 : 4)
    expect(story, .outOfSequence(request, after: 5))
  }

  private func expect(
    _ story: Story, _ rule: VersionViolation.Rule?,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let violations = VersionOrder.violations(in: story.events)
    #expect(violations.last?.rule == rule, sourceLocation: sourceLocation)
    #expect(violations.count == (rule == nil ? 0 : 1), sourceLocation: sourceLocation)
  }
}
