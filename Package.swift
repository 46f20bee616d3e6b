// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

// In the order of the layers (Docs/Architecture.md): a target names only what stands above it here.
let package = Package(
  name: "aion-cluster",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "AionCluster", targets: ["AionCluster"]),
    // For those who run their own state machine in a hostile world.
    .library(
      name: "AionSimulation",
      targets: ["AionModel", "AionWire", "AionLog", "AionNode", "AionHistory", "AionSimulation"]),
    // For those who ask a control plane over the network.
    .library(name: "AionRPC", targets: ["AionRPC"]),
    // For those who have a process's disk and clock fail; loaded before it, linked by nobody.
    .library(name: "HostileSystem", type: .dynamic, targets: ["CHostileSystem"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // Vocabulary
    .target(name: "AionModel", swiftSettings: strict),
    .target(name: "AionWire", swiftSettings: strict),
    .systemLibrary(
      name: "CLZ4", pkgConfig: "liblz4",
      providers: [.apt(["liblz4-dev"]), .brew(["lz4"])]),
    .target(name: "CCRC32C"),
    .systemLibrary(name: "CJemalloc"),
    .systemLibrary(name: "CEpoll"),

    // Decisions
    .target(name: "AionRaft", dependencies: ["AionModel", "AionWire"], swiftSettings: strict),
    .target(name: "AionCatalog", dependencies: ["AionModel", "AionWire"], swiftSettings: strict),
    .target(
      name: "AionPlacement", dependencies: ["AionModel", "AionCatalog"], swiftSettings: strict),
    .target(name: "AionHistory", dependencies: ["AionModel"], swiftSettings: strict),

    // Durability
    .target(
      name: "AionLog", dependencies: ["AionModel", "AionWire", "AionRaft", "CLZ4", "CCRC32C"],
      swiftSettings: strict),

    // Runtime
    .target(
      name: "AionNode",
      dependencies: ["AionModel", "AionWire", "AionRaft", "AionCatalog", "AionLog"],
      swiftSettings: strict),

    // Façade
    .target(
      name: "AionCluster",
      dependencies: [
        "AionModel", "AionRaft", "AionCatalog", "AionPlacement", "AionLog", "AionNode",
      ],
      swiftSettings: strict),

    .target(
      name: "AionSimulation",
      dependencies: [
        "AionModel", "AionWire", "AionRaft", "AionCatalog", "AionPlacement", "AionHistory",
        "AionLog", "AionNode",
      ],
      swiftSettings: strict),

    // Service
    .target(
      name: "AionRPC",
      dependencies: [
        "AionModel", "AionWire", "CCRC32C", "AionCatalog",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: strict),

    .target(
      name: "AionConfiguration",
      dependencies: [
        "AionModel", "AionPlacement",
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),

    // Server
    .target(
      name: "AionServer",
      dependencies: [
        "AionModel", "AionWire", "AionRaft", "AionCatalog", "AionPlacement", "AionLog",
        "AionNode", "AionCluster", "AionRPC", logging,
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: strict),

    // Programs, with the libraries that only programs and tests use
    .target(
      name: "AionRaftTranscript", dependencies: ["AionModel", "AionRaft"], swiftSettings: strict),
    .executableTarget(
      name: "raft-transcript", dependencies: ["AionRaftTranscript", argumentParser],
      swiftSettings: strict),
    .target(name: "PostgresCapture", dependencies: ["AionCluster"], swiftSettings: strict),
    .target(
      name: "CrashRig",
      dependencies: [
        "AionModel", "AionRaft", "AionCatalog", "AionLog", "AionNode", "AionCluster",
      ],
      swiftSettings: strict),
    .target(
      name: "AionRaftExplorer", dependencies: ["AionModel", "AionRaft"], swiftSettings: strict),
    .executableTarget(
      name: "raft-explore",
      dependencies: [
        "AionModel", "AionRaft", "AionRaftExplorer", "AionRaftTranscript", argumentParser,
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "aiond",
      dependencies: [
        "AionModel", "AionPlacement", "AionLog", "AionCluster", "AionRPC", "AionConfiguration",
        "AionServer", "CJemalloc", argumentParser, logging,
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "aionctl",
      dependencies: ["AionModel", "AionCatalog", "AionPlacement", "AionRPC", argumentParser],
      swiftSettings: strict),
    .target(name: "CHostileSystem"),
    .target(
      name: "ClusterRig",
      dependencies: ["AionModel", "AionCatalog", "AionHistory", "AionRPC", "AionServer"],
      swiftSettings: strict),
    .executableTarget(
      name: "cluster",
      dependencies: ["ClusterRig", "AionServer", "aiond", "aionctl", argumentParser],
      swiftSettings: strict),
    .executableTarget(
      name: "two-nodes", dependencies: ["AionRPC", "ClusterRig", "aiond", argumentParser],
      swiftSettings: strict),
    .executableTarget(
      name: "chaos",
      dependencies: ["AionHistory", "ClusterRig", "aiond", "aionctl", argumentParser],
      swiftSettings: strict),
    .executableTarget(
      name: "crash", dependencies: ["AionModel", "AionCluster", "CrashRig", argumentParser],
      swiftSettings: strict),
    .executableTarget(
      name: "quickstart",
      dependencies: [
        "AionModel", "AionLog", "AionCluster", "CrashRig", "PostgresCapture", argumentParser,
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "aionbench",
      dependencies: [
        "AionModel", "AionRaft", "AionCatalog", "AionPlacement", "AionCluster", "AionRPC",
        "AionServer", "ClusterRig", "aiond", argumentParser,
        .target(name: "CEpoll", condition: .when(platforms: [.linux])),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "aionsim", dependencies: ["AionModel", "AionSimulation", argumentParser],
      swiftSettings: strict),
    .executableTarget(
      name: "aionlog",
      dependencies: [
        "AionModel", "AionRaft", "AionCatalog", "AionLog", "AionCluster", argumentParser,
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "aionhistory", dependencies: ["AionModel", "AionHistory", argumentParser],
      swiftSettings: strict),

    // Tests, and what they share
    .target(name: "StockTools", path: "Tests/StockTools", swiftSettings: strict),
    .target(
      name: "ErrorSamples", dependencies: ["AionModel"], path: "Tests/ErrorSamples",
      swiftSettings: strict),
    .testTarget(
      name: "AionModelTests", dependencies: ["AionModel", "ErrorSamples"], swiftSettings: strict),
    .testTarget(name: "AionWireTests", dependencies: ["AionWire"], swiftSettings: strict),
    .testTarget(
      name: "AionRaftTests",
      dependencies: ["AionModel", "AionWire", "AionRaft", "AionRaftTranscript", "StockTools"],
      swiftSettings: strict),
    .testTarget(
      name: "AionRaftExplorerTests",
      dependencies: ["AionModel", "AionRaft", "AionRaftExplorer", "AionRaftTranscript"],
      swiftSettings: strict),
    // Copies of modules with mistakes in them: Docs/Decisions/0006-mutants.md
    .executableTarget(name: "mutate", path: "Tests/Mutation/Tool", swiftSettings: strict),
    .plugin(
      name: "Mutants", capability: .buildTool(), dependencies: ["mutate"],
      path: "Tests/Mutation/Plugin"),
    .testTarget(
      name: "RaftMutantTests", dependencies: ["AionModel", "AionWire"],
      exclude: ["Mutants.txt"], swiftSettings: [.swiftLanguageMode(.v6)],
      plugins: ["Mutants"]),
    .target(
      name: "WorldMutants",
      dependencies: ["AionModel", "AionWire", "AionHistory", "CLZ4", "CCRC32C"],
      path: "Tests/WorldMutants", exclude: ["Mutants.txt"],
      swiftSettings: [.swiftLanguageMode(.v6)], plugins: ["Mutants"]),
    .testTarget(
      name: "WorldMutantTests", dependencies: ["WorldMutants"], swiftSettings: strict),
    .testTarget(
      name: "AionCatalogTests",
      dependencies: ["AionModel", "AionWire", "AionCatalog", "ErrorSamples", "StockTools"],
      swiftSettings: strict),
    .testTarget(
      name: "AionPlacementTests", dependencies: ["AionModel", "AionCatalog", "AionPlacement"],
      swiftSettings: strict),
    .testTarget(
      name: "AionHistoryTests", dependencies: ["AionModel", "AionHistory", "aionhistory"],
      swiftSettings: strict),
    .testTarget(
      name: "AionLogTests",
      dependencies: [
        "AionModel", "AionWire", "CCRC32C", "AionRaft", "AionCatalog", "AionLog", "AionCluster",
        "aionlog",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "AionNodeTests",
      dependencies: [
        "AionModel", "AionWire", "AionRaft", "AionCatalog", "AionLog", "AionNode", "StockTools",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "AionClusterTests",
      dependencies: [
        "AionModel", "AionRaft", "AionCatalog", "AionLog", "AionNode", "AionCluster",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "AionSimulationTests",
      dependencies: [
        "AionModel", "AionWire", "AionRaft", "AionLog", "AionNode", "AionSimulation", "aionsim",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "AionRPCTests",
      dependencies: [
        "AionModel", "AionWire", "AionCatalog", "AionRPC", "ClusterRig", "StockTools", "aionctl",
        "two-nodes",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "AionConfigurationTests",
      dependencies: ["AionModel", "AionPlacement", "AionConfiguration"], swiftSettings: strict),
    .testTarget(
      name: "AionServerTests",
      dependencies: [
        "AionModel", "AionWire", "AionCatalog", "AionCluster", "AionRPC", "AionServer",
        "ClusterRig", "StockTools", "aiond", "aionctl", "cluster", "chaos", logging,
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CrashTests", dependencies: ["AionCluster", "CrashRig", "crash"],
      swiftSettings: strict),
    .testTarget(
      name: "PostgresCaptureTests", dependencies: ["AionCluster", "PostgresCapture"],
      swiftSettings: strict),
    .testTarget(name: "ReadmeTests", dependencies: ["AionCluster"], swiftSettings: strict),
    .testTarget(name: "TidyTests", swiftSettings: strict),
  ]
)
