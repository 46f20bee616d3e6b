import Testing

@Suite("The manifest is read from its text")
struct ManifestTests {
  private let manifest = Manifest(
    text: """
      let trees = Target.Dependency.product(name: "HashTreeCollections", package: "collections")
      let package = Package(
        name: "p",
        targets: [
          .target(name: "A", swiftSettings: strict),
          .systemLibrary(name: "C", pkgConfig: "c"),
          .target(
            name: "B",
            dependencies: ["A", trees, .product(name: "X", package: "y"), .target(name: "C")]),
          .executableTarget(name: "tool", dependencies: ["B"], path: "Sources/tool"),
        ])
      """)

  @Test("Targets, their kinds, and their dependencies by any spelling")
  func targets() {
    #expect(manifest.targets.keys.sorted() == ["A", "B", "C", "tool"])
    #expect(manifest.targets["A"]?.dependencies == [])
    #expect(manifest.targets["B"]?.dependencies == ["A", "HashTreeCollections", "X", "C"])
    #expect(manifest.targets["tool"]?.isProgram == true)
    #expect(manifest.targets["B"]?.isProgram == false)
  }
}
