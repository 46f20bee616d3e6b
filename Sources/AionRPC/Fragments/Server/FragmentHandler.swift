public import AionCatalog
public import AionModel

/// The engine's part of a fragment server.
public protocol FragmentHandler: Sendable {
  /// Executes one fragment, in a task of its own. It is cancelled when the fragment's time is over,
  /// when it is cancelled by name, when whoever asked stops waiting, and when the connection over
  /// which it came ends; it must then stop, and keeps its place until it has.
  ///
  /// - Throws: What the caller is told. What has been sent of the result by then is thrown away.
  func execute(_ fragment: Fragment, into result: FragmentOutput) async throws(ClusterError)
}

/// A fragment as it came to a node, which has found that its plan holds.
public struct Fragment: Sendable {
  public var plan: FragmentPlan
  /// As they came, but for the timeout, which is in `deadline`.
  public var options: FragmentRuntimeOptions
  /// When it will be cancelled; nil: it has all the time it takes.
  public var deadline: ContinuousClock.Instant?
  /// Who asked.
  public var caller: ClientIdentity
  /// What the plan was found to hold against.
  public var catalog: ClusterSnapshot
}
