import AionHistory
import AionModel
import Testing

@Suite("Histories as lines of JSON")
struct HistoryLineTests {
  @Test("A line has the fields of the format, in their order")
  func line() {
    let invoke = HistoryEvent(
      client: 3, step: .invoke(["a\n\"", 5, .nothing, true]), operation: "cas",
      key: HistoryKey("placement/1/7"), time: 1_500, request: .init(session: 9, sequence: 2))
    #expect(
      invoke.line == #"{"process":3,"type":"invoke","f":"cas","key":"placement/1/7","#
        + #""value":["a\u000a\"",5,null,true],"time":1500,"session":9,"sequence":2}"#)
    let ok = HistoryEvent(
      client: 3, step: .ok(.nothing), operation: "read", key: HistoryKey("register"), time: 2,
      index: 17, isLocal: true)
    #expect(
      ok.line == #"{"process":3,"type":"ok","f":"read","key":"register","time":2,"index":17,"#
        + #""local":true}"#)
  }

  @Test("What is written is read back, cut anywhere", arguments: RandomHistory.Kind.allCases)
  func roundTrip(_ kind: RandomHistory.Kind) throws {
    let events = RandomHistory(kind, clients: 4, operations: 50, seed: 7).events
    var text: [UInt8] = []
    for event in events {
      event.append(to: &text)
      text.append(UInt8(ascii: "\n"))
    }
    var reader = HistoryReader()
    var chance = SplitMix64(seed: 1)
    var rest = text[...]
    while !rest.isEmpty {
      let piece = rest.prefix(1 + chance.below(90))
      try reader.read(piece)
      rest = rest.dropFirst(piece.count)
    }
    try reader.finish()
    #expect(reader.events == events)
  }

  @Test("Spaces, other programs' fields, escapes and a missing last line end are fine")
  func lenient() throws {
    var reader = HistoryReader()
    let lines = """
      { "type" : "invoke", "process": 1, "f":"write" , "key":"register/\\u00e9\\ud83d\\ude00\\/",\
       "value":"\\t", "time":5, "node":"n1", "tags":[[], [1]] }\r

      {"process":1,"type":"info","f":"write","key":"register/é😀/","time":6,"value":null}
      """
    try reader.read(Array(lines.utf8)[...])
    try reader.finish()
    #expect(reader.events.count == 2)
    #expect(reader.events.first?.step == .invoke("\t"))
    #expect(reader.events.first?.key == reader.events.last?.key)
  }

  @Test(
    "A line that is wrong is refused with its number",
    arguments: [
      "x", "{", "[]", "{}", #"{"process":1}"#, good.dropLast() + "", good + "}", good + " x",
      good.replacing("1", with: "-1"), good.replacing("1", with: "1.5"),
      good.replacing("1", with: "01"), good.replacing("1", with: "18446744073709551616"),
      good.replacing("1", with: "\"1\""), good.replacing("ok", with: "okay"),
      good.replacing("ok", with: "o\u{1}k"), good.replacing("ok", with: "o\\k"),
      good.replacing("ok", with: "o\\ud800k"), good.replacing("ok", with: "o\\u12"),
      good.replacing("\"time\":2", with: "\"time\":2,\"time\":2"),
      good.replacing("\"time\":2", with: "\"time\":2,\"session\":2"),
      good.replacing("\"time\":2", with: "\"time\":2,\"local\":0"),
      good.replacing("\"time\":2", with: "\"time\":2,\"value\":{}"),
      good.replacing("\"time\":2", with: "\"time\":2,\"value\":nul"),
      good.replacing(
        "\"time\":2",
        with: "\"time\":2,\"value\":" + String(repeating: "[", count: 40)
          + String(repeating: "]", count: 40)),
    ])
  func malformed(_ line: String) throws {
    var reader = HistoryReader()
    let fault = #expect(throws: HistoryFault.self) {
      try reader.read(Array((HistoryLineTests.good + "\n" + line).utf8)[...])
      try reader.finish()
    }
    guard case .malformed(line: 2, _) = fault else {
      Issue.record("\(line): \(String(describing: fault))")
      return
    }
  }

  private static let good = #"{"process":1,"type":"ok","f":"read","key":"register/x","time":2}"#

  @Test("Text that is not UTF-8 and a line without an end are refused")
  func hostile() throws {
    var reader = HistoryReader()
    let parts = HistoryLineTests.good.split(separator: "read")
    let bytes = Array(parts[0].utf8) + [0xFF] + Array(parts[1].utf8) + [UInt8(ascii: "\n")]
    #expect(throws: HistoryFault.malformed(line: 1, "text that is not UTF-8")) {
      try reader.read(bytes[...])
    }
    var endless = HistoryReader()
    let piece = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 18)[...]
    #expect(throws: HistoryFault.self) { for _ in 0..<6 { try endless.read(piece) } }
  }

  @Test("Flipped bytes never trap")
  func flipped() throws {
    var chance = SplitMix64(seed: 3)
    let good = Array(RandomHistory(.names, clients: 2, operations: 4, seed: 2).events[1].line.utf8)
    for _ in 0..<20_000 {
      var line = good
      line[chance.below(line.count)] = UInt8(truncatingIfNeeded: chance.next())
      line = Array(line.prefix(1 + chance.below(line.count * 2)))
      var reader = HistoryReader()
      do {
        try reader.read(line[...])
        try reader.finish()
      } catch { continue }
    }
  }
}

@Suite("Events that make no history")
struct HistoryTests {
  @Test("A client has one operation in flight, and learns only of that")
  func oneInFlight() throws {
    var story = Story("register/x")
    story.invoke(1, "write", 1)
    var history = try History(story.events)
    #expect(throws: HistoryFault.busy(1)) { try history.record(story.events[0]) }
    var other = story.events[0]
    other.step = .ok(.nothing)
    other.operation = "read"
    #expect(throws: HistoryFault.idle(1)) { try history.record(other) }
    other.client = 2
    #expect(throws: HistoryFault.idle(2)) { try history.record(other) }
  }

  @Test("Time does not go back")
  func time() throws {
    var story = Story("register/x")
    story.invoke(1, "write", 1)
    story.invoke(2, "write", 1)
    #expect(throws: HistoryFault.timeWentBack(from: 1, to: 0)) {
      try History(story.events.reversed())
    }
  }

  @Test("An operation that its model does not have, and a kind that no model has, are refused")
  func unfit() throws {
    for (key, operation, argument) in [
      ("register/x", "add", 1), ("counter/x", "add", "one"), ("names/x", "create", 1),
      ("placement/x", "cas", [1]), ("list/x", "read", 1),
    ] as [(String, String, HistoryValue)] {
      var story = Story(key)
      story.call(1, operation, argument)
      #expect(throws: HistoryFault.self, "\(key) \(operation)") { try story.check() }
    }
    var story = Story("queue/x")
    story.call(1, "read")
    #expect(throws: HistoryFault.unknownKind(HistoryKey("queue/x"))) { try story.check() }
  }

  @Test("Files of several clients are merged by time; at one time, invocations come first")
  func merging() throws {
    var first = Story("register/x")
    first.call(1, "write", 1)
    var second = Story("register/x")
    second.invoke(2, "read")
    second.invoke(3, "read")
    second.ok(3, 1)
    let merged = History.merged([first.events, second.events])
    #expect(merged.map(\.time) == [0, 0, 1, 1, 2])
    #expect(merged.map(\.client) == [1, 2, 3, 1, 3])
  }
}
