/// What shall be able to fail around the nodes of a rig.
public struct Hostility: OptionSet, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  /// What nodes and clients send to a node goes by way of a proxy.
  public static let network = Hostility(rawValue: 1)
  /// A library stands between each node and its disk and wall clock. Linux only.
  public static let system = Hostility(rawValue: 2)
}
