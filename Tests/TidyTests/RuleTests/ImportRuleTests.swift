import Testing

@Suite("Imports")
struct ImportRuleTests {
  private let rule = ImportRule(
    manifest: Manifest(
      text: """
        .target(name: "AionModel"),
        .target(name: "AionWire"),
        .target(name: "AionRaft", dependencies: ["AionModel", "AionCatalog", "AionLog"]),
        .target(name: "AionCatalog", dependencies: ["AionModel", "AionRaft"]),
        .target(name: "AionPlacement", dependencies: ["AionModel", "AionCatalog"]),
        .target(name: "AionLog", dependencies: ["AionRaft"]),
        .target(name: "AionCluster", dependencies: ["AionModel"]),
        .target(name: "Stray", dependencies: ["AionModel"]),
        .executableTarget(name: "aionlog", dependencies: ["AionLog", "AionCluster"]),
        .testTarget(name: "AionRaftTests", dependencies: ["AionRaft"]),
        """))

  private func advice(_ path: String, _ line: String) -> [String] {
    rule.findings(in: SourceFile(path: path, text: line)).map(\.advice)
  }

  @Test(
    "An import of a lower layer passes",
    arguments: [
      ("Sources/AionRaft/A.swift", "public import AionModel"),
      ("Sources/AionPlacement/A.swift", "import AionCatalog"),
      ("Sources/aionlog/A.swift", "import AionCluster"),
      ("Sources/aionlog/A.swift", "import ArgumentParser"),
      ("Sources/AionCatalog/A.swift", "internal import HashTreeCollections"),
      ("Sources/AionCluster/A.swift", "import Glibc"),
      ("Tests/AionRaftTests/A.swift", "import Foundation"),
      ("Sources/AionRaft/A.swift", "// import AionLog"),
    ])
  func passes(path: String, line: String) {
    #expect(advice(path, line) == [])
  }

  @Test(
    "An import that runs up or sideways is found",
    arguments: [
      ("Sources/AionRaft/A.swift", "import AionLog"),
      ("Sources/AionRaft/A.swift", "public import struct AionLog.Segment"),
      ("Sources/AionRaft/A.swift", "import AionCatalog"),
      ("Sources/AionCatalog/A.swift", "package import AionRaft"),
    ])
  func runsUp(path: String, line: String) {
    #expect(advice(path, line).count == 1)
    #expect(advice(path, line).allSatisfy { $0.contains("does not stand below it") })
  }

  @Test(
    "An import that the manifest does not declare is found, in tests too",
    arguments: [
      ("Sources/AionLog/A.swift", "import AionModel"),
      ("Tests/AionRaftTests/A.swift", "import AionModel"),
    ])
  func undeclared(path: String, line: String) {
    #expect(advice(path, line).allSatisfy { $0.contains("add it to the dependencies") })
    #expect(advice(path, line).count == 1)
  }

  @Test(
    "A clock, a file or a thread below the façade is found",
    arguments: [
      "import Foundation", "import Glibc", "import Dispatch", "@preconcurrency import Darwin",
      "import ArgumentParser",
    ])
  func impure(line: String) {
    #expect(advice("Sources/AionLog/A.swift", line).count == 1)
  }

  @Test("The argument parser is for programs")
  func argumentParser() {
    #expect(advice("Sources/AionCluster/A.swift", "import ArgumentParser").count == 1)
  }

  @Test("A module without a layer is found when it imports or is imported")
  func withoutLayer() {
    #expect(advice("Sources/Stray/A.swift", "import AionModel").first?.contains("no layer") == true)
  }

  @Test("The finding names file and line")
  func place() {
    let file = SourceFile(path: "Sources/AionRaft/A.swift", text: "// a\n\nimport AionLog\n")
    let found = rule.findings(in: file)
    #expect(found.first?.description.hasPrefix("Sources/AionRaft/A.swift:3: ") == true)
  }
}
