public import AionLog
public import AionModel
public import AionRaft

/// What one replica sends to another, with what tells whether it may: cluster, and which life of
/// which directory it is.
public struct Envelope: Hashable, Sendable {
  public var from: ReplicaID
  public var to: ReplicaID
  public var cluster: ClusterID
  /// The sender's directory.
  public var incarnation: Incarnation
  /// How often that has lost what it had promised.
  public var generation: Generation
  /// Whether it is not whole again: only who knows this very incarnation may count on it.
  public var isRecovering: Bool
  public var body: Body

  public init(
    from: ReplicaID, to: ReplicaID, cluster: ClusterID, incarnation: Incarnation,
    generation: Generation = 0, isRecovering: Bool = false, _ body: Body
  ) {
    self.from = from
    self.to = to
    self.cluster = cluster
    self.incarnation = incarnation
    self.generation = generation
    self.isRecovering = isRecovering
    self.body = body
  }

  /// The life that speaks.
  var life: GroupRecord.Life { .init(from, incarnation, generation) }

  /// What is sent.
  public enum Body: Hashable, Sendable {
    /// The message's own sender is another replica than the envelope's where one was passed on.
    case raft(Message)
    /// Founders introduce themselves before they promise anything to one another.
    case introduction(Introduction)
    /// The sender does not hear the addressee, and why.
    case refusal(EnvelopeRefusal)
    /// A leader has a snapshot for a follower.
    case snapshotOffer(SnapshotOffer)
    case snapshotChunk(SnapshotChunk)
    /// How far a follower has come with a snapshot.
    case snapshotProgress(SnapshotProgress)
    /// A replica that recovers asks the leader to make its new life known.
    case readmission(Readmission)
  }
}

/// Whom a founder knows. It is complete once everyone whom it names has said that it knows it.
public struct Introduction: Hashable, Sendable {
  public var lives: [GroupRecord.Life]
  /// Whether the sender still waits for someone, and so for an answer.
  public var wantsAnswer: Bool

  public init(lives: [GroupRecord.Life], wantsAnswer: Bool) {
    self.lives = lives
    self.wantsAnswer = wantsAnswer
  }
}

/// What a replica that recovers has to show.
public struct Readmission: Hashable, Sendable {
  /// What it was before, oldest first: only the same directory knows.
  public var formers: [Incarnation]
  /// What is left of its term: a leader of an earlier one cannot reach it.
  public var term: Term

  public init(formers: [Incarnation], term: Term) {
    self.formers = formers
    self.term = term
  }
}

/// Why an envelope was not taken.
public enum EnvelopeRefusal: Hashable, Sendable {
  /// The sender belongs to another cluster.
  case otherCluster(ClusterID)
  /// The replica is known by another directory: this one is new, or an old copy. It must be
  /// replaced by a membership change, under a new id. (A damaged one that recovers is known again.)
  case otherIncarnation(known: Incarnation)
}
