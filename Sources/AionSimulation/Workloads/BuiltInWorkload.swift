/// The workloads that come with the simulator, by their names.
public enum BuiltInWorkload: String, Sendable, CaseIterable {
  case catalog, registers

  /// The one that a seed is run with unless another is asked for.
  public init(for seed: UInt64) { self = seed.isMultiple(of: 3) ? .registers : .catalog }

  /// Runs a world of it. Here and not at the caller's, so that the world is compiled for it.
  public func run(_ scenario: Scenario, listener: ((String) -> Void)? = nil) -> RunReport {
    switch self {
    case .catalog: World<CatalogWorkload>(scenario, listener: listener).run()
    case .registers: World<RegisterWorkload>(scenario, listener: listener).run()
    }
  }
}
