import AionHistory
import AionModel
import Testing

@Suite("A violation is explained")
struct ExplanationTests {
  @Test("By the fewest operations, as a timeline")
  func timeline() throws {
    var story = Story("register/x")
    story.call(1, "write", 1)
    story.call(2, "read", .nothing, 1)
    story.invoke(3, "read")
    story.call(1, "write", 2, at: 7)
    story.ok(3, 1)
    story.invoke(1, "write", 3)
    story.call(2, "read", .nothing, 1)
    story.call(2, "read", .nothing, 2)
    story.ok(1)
    #expect(
      try story.check().violations.map(\.explanation) == [
        """
        register/x: no order explains these 2 operations, whether it was 1 or 2 or null before.
          client 1  write 2 at index 7  ├─┤
          client 1  write 3                 ├─────…
          client 2  read → 1                  ├─┤
        """
      ])
  }

  @Test("With the state before, when that matters")
  func before() throws {
    var story = Story("counter/x")
    story.call(1, "add", 2)
    story.call(1, "add", 2, 5)
    #expect(
      try story.check().violations.map(\.explanation) == [
        """
        counter/x: no order explains this operation, whether it was 0 or 2 before.
          client 1  add 2 → 5  ├─┤
        """
      ])
  }
}
