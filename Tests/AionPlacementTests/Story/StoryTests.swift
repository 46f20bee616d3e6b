import AionCatalog
import AionModel
import AionPlacement
import Foundation
import Testing

@Suite("Stories of a cluster")
struct StoryTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "fixtures/plans")

  private func story(_ title: String, _ settings: [String: String]) async throws -> Story {
    var values = [
      "enabled": "true", "placement_spread_attributes": "region,zone",
      "node_attributes": NineNodes.policy().nodeAttributes.sorted { $0.key < $1.key }
        .map { "\($0.key):\($0.value.map(\.description).joined(separator: ";"))" }
        .joined(separator: ","),
    ]
    for (key, value) in settings { values[key] = value }
    let file = Dictionary(
      uniqueKeysWithValues: values.map { (ShardingKey.filePrefix + $0.key, $0.value) })
    let story = Story(title, try ShardingConfiguration(from: [.file("story", file)]))
    for node in NineNodes.descriptors() { try await story.plane.upsertNode(node) }
    return story
  }

  /// Rewritten when `AION_REWRITE` is set.
  private func check(_ story: Story, _ name: String) throws {
    let file = Self.folder.appending(path: name)
    if ProcessInfo.processInfo.environment["AION_REWRITE"] != nil {
      try story.text.write(to: file, atomically: true, encoding: .utf8)
    }
    let written = try String(contentsOf: file, encoding: .utf8)
    let repeating: Comment =
      "if the new story is the better one: AION_REWRITE=1 tools/test --filter StoryTests"
    #expect(story.text == written, repeating)
  }

  @Test("One of nine nodes dies and returns")
  func oneNodeDies() async throws {
    var story = try await story(
      "Nine nodes in three regions: one dies, its shards are mended, it returns", [:])
    let everybody = Set(NineNodes.ids)
    story.chapter("Nine shards are placed: each voter in another region, leaders balanced")
    try await story.place(NineNodes.keys(9))
    story.chapter("All is well")
    try await story.maintain()

    story.chapter("eu-b dies; its leaders fail over at once, learners are staged in its region")
    try await story.plane.markNode("eu-b", live: false)
    try await story.maintain()
    try await story.show()
    story.chapter("The learners are not caught up yet")
    try await story.maintain()
    story.chapter("The learners on eu-a are caught up and take over; those on eu-c are not")
    try await story.maintain(caughtUp: ["eu-a"])
    try await story.show()
    story.chapter("All learners are caught up")
    try await story.maintain(caughtUp: everybody)
    try await story.show()
    story.chapter("Nothing is left to do")
    try await story.maintain(caughtUp: everybody)

    story.chapter("eu-b returns, empty; replicas stay where they are, for nobody asked otherwise")
    try await story.plane.markNode("eu-b", live: true)
    try await story.maintain(caughtUp: everybody)
    try await story.show()
    story.chapter("With replica_balance on it gets its share back, by way of learners")
    try await turnOn(["replica_balance": "true"], in: &story)
    var passes = 0
    while passes < 20, try await story.maintain(caughtUp: everybody) {
      passes += 1
      story.say("--")
    }
    try await story.show()
    try check(story, "one-node-dies.txt")
  }

  @Test("A node is drained without a shard losing a voter")
  func drained() async throws {
    var story = try await story(
      "Nine nodes in three regions: us-a is drained and removed",
      ["lease_preference_attributes": "region=us"])
    story.chapter("Six shards are placed, led where the preference says")
    try await story.place(NineNodes.keys(6))
    story.chapter("us-a is drained: learners are staged elsewhere, its leaders move")
    var isEmpty = try await story.drain("us-a")
    try await story.show()
    story.chapter("The learners are caught up and take over")
    var passes = 0
    while !isEmpty, passes < 20 {
      isEmpty = try await story.drain("us-a", caughtUp: Set(NineNodes.ids))
      passes += 1
    }
    try await story.show()
    story.chapter("us-a is removed")
    try await story.plane.removeNode("us-a")
    try await story.maintain()
    try await story.show()
    try check(story, "drain.txt")
  }

  @Test("A region is lost and comes back")
  func regionLost() async throws {
    var story = try await story(
      "Nine nodes in three regions: all of ap is lost and comes back", ["replica_balance": "true"])
    let everybody = Set(NineNodes.ids)
    story.chapter("Four shards are placed")
    try await story.place(NineNodes.keys(4))
    story.chapter("ap is lost: two of three voters are left everywhere")
    for node in NineNodes.ids where node.name.hasPrefix("ap") {
      try await story.plane.markNode(node, live: false)
    }
    for _ in 0..<3 { try await story.maintain(caughtUp: everybody) }
    try await story.show()
    story.chapter("ap comes back: voters of one shard need not share a region any more")
    for node in NineNodes.ids { try await story.plane.markNode(node, live: true) }
    var passes = 0
    while passes < 20, try await story.maintain(caughtUp: everybody) { passes += 1 }
    try await story.show()
    try check(story, "region-lost.txt")
  }

  private func turnOn(_ settings: [String: String], in story: inout Story) async throws {
    var values: [String: String] = [:]
    for key in ShardingKey.allCases {
      values[key.fileName] = story.maintainer.configuration.value(of: key)
    }
    for (key, value) in settings { values[ShardingKey.filePrefix + key] = value }
    story.maintainer = ReplicationMaintainer(
      plane: story.plane,
      configuration: try ShardingConfiguration(from: [.file("story", values)]))
  }
}
