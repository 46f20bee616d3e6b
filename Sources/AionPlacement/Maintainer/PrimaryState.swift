public import AionModel

/// What the primary knows of a replica that streams from it.
public struct ReplicaProgress: Hashable, Sendable {
  /// `application_name` of its session; the id of its node, unless it is empty or nil.
  public var applicationName: String?
  /// Stands in for a session that gave no application name.
  public var slotName: String?
  /// nil when it has not reported any.
  public var applied: ApplyPosition?

  public init(applicationName: String? = nil, slotName: String? = nil, applied: ApplyPosition?) {
    self.applicationName = applicationName
    self.slotName = slotName
    self.applied = applied
  }

  /// The name by which it claims to be a node.
  var nodeName: String? {
    [applicationName, slotName].lazy.compactMap { $0?.trimmed }.first { !$0.isEmpty }
  }
}

/// What a primary brings to its tick.
public struct PrimaryState: Hashable, Sendable {
  public var isLeader: Bool
  public var isHighAvailabilityEnabled: Bool
  public var replicas: [ReplicaProgress]
  /// What a replica must have applied to count as caught up.
  public var target: ApplyPosition

  public init(
    isLeader: Bool, isHighAvailabilityEnabled: Bool, replicas: [ReplicaProgress],
    target: ApplyPosition
  ) {
    self.isLeader = isLeader
    self.isHighAvailabilityEnabled = isHighAvailabilityEnabled
    self.replicas = replicas
    self.target = target
  }
}
