/// The walls of the package (Docs/Architecture.md). A module imports only what stands in a layer
/// below its own.
enum Layers {
  struct Layer: Sendable {
    var name: String
    var modules: Set<String>
    /// Modules of the toolchain and of other packages that may be imported here.
    var outside: Set<String>
  }

  /// From the bottom up. Programs stand above all of them and are known by their manifest kind.
  static let table = [
    Layer(
      name: "vocabulary",
      modules: ["AionModel", "AionWire", "CLZ4", "CCRC32C", "CJemalloc", "CEpoll"], outside: pure),
    Layer(
      name: "decisions",
      modules: ["AionRaft", "AionCatalog", "AionPlacement", "AionHistory"], outside: pure),
    Layer(name: "durability", modules: ["AionLog"], outside: pure),
    Layer(name: "runtime", modules: ["AionNode"], outside: pure),
    Layer(name: "façade", modules: ["AionCluster", "AionSimulation"], outside: pure.union(system)),
    Layer(
      name: "service", modules: ["AionRPC", "AionConfiguration"],
      outside: pure.union(system).union([
        "NIOCore", "NIOPosix", "NIOSSL", "Configuration", "SystemPackage",
      ])),
    Layer(
      name: "server", modules: ["AionServer"],
      outside: pure.union(system).union(["Logging", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL"])),
    Layer(
      name: "program support",
      modules: [
        "AionRaftTranscript", "AionRaftExplorer", "CrashRig", "PostgresCapture", "ClusterRig",
      ],
      outside: pure.union(system)),
  ]

  /// The only arrow inside a layer.
  static let sideways = [Arrow(from: "AionPlacement", to: "AionCatalog")]

  struct Arrow: Equatable, Sendable {
    var from: String
    var to: String
  }

  static let programs = Layer(
    name: "programs", modules: [],
    outside: pure.union(system).union([
      "ArgumentParser", "Logging", "ServiceLifecycle", "UnixSignals",
    ]))

  /// No clock, no files, no threads: what a deterministic module may use.
  private static let pure: Set<String> = [
    "Swift", "Synchronization", "HashTreeCollections", "DequeModule", "OrderedCollections",
    "HeapModule", "BitCollections", "BasicContainers",
  ]

  private static let system: Set<String> = [
    "Foundation", "FoundationEssentials", "Dispatch", "Glibc", "Musl",
    "Darwin",
  ]

  static func rank(of module: String) -> Int? {
    table.firstIndex { $0.modules.contains(module) }
  }

  /// Whether the module is below the façade, where time and chance are arguments.
  static func isDeterministic(_ module: String?) -> Bool { isInLayer(upTo: "runtime", module) }

  /// Whether an application may come to link the module.
  static func isLibrary(_ module: String?) -> Bool { isInLayer(upTo: "façade", module) }

  private static func isInLayer(upTo name: String, _ module: String?) -> Bool {
    guard let own = module.flatMap(rank), let last = table.firstIndex(where: { $0.name == name })
    else { return false }
    return own <= last
  }
}
