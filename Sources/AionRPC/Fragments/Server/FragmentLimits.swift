public import AionModel

/// What a node takes on for others.
public struct FragmentLimits: Hashable, Sendable {
  /// Fragments that are executed at a time; further ones are refused.
  public var fragments = 256
  /// What the plans of those may take together.
  public var planBytes = ByteCount.mebibytes(64)
  /// How long a fragment waits at most for the node to know the catalog that it was planned with,
  /// and three quarters of its own time at most.
  public var catchUp = Duration.seconds(10)
  /// What a client must be to have fragments executed, and to cancel them.
  public var neededRole = ClientRole.writer

  public init() {}
}
