import AionModel

/// What agents of nodes may undertake, and how closely they are watched.
public struct NodeSettings: Sendable {
  /// What a node's time to live may be, when it registers.
  public var minimumTimeToLive = Duration.seconds(1)
  public var maximumTimeToLive = Duration.seconds(3_600)

  public init() {}

  func allows(_ timeToLive: TimeToLive) -> Bool {
    minimumTimeToLive <= timeToLive.duration && timeToLive.duration <= maximumTimeToLive
  }

  /// In words.
  var allowed: String {
    "this server allows \(Self.words(minimumTimeToLive)) to \(Self.words(maximumTimeToLive)); "
      + "ask for such a time, or set nodes.minimum_ttl and nodes.maximum_ttl"
  }

  /// A silent node is found by so much after its time, at most.
  var lookInterval: Duration { min(.milliseconds(250), minimumTimeToLive / 4) }

  private static func words(_ duration: Duration) -> String {
    TimeToLive(duration)?.description ?? "\(duration)"
  }
}
