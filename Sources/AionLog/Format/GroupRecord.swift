// The file `group`, one header of variable length (see HeaderFrame for the first 16 bytes).
//
//   offset  size
//       16     4  format version
//       20     4  bytes of the description
//       24     8  incarnation of this directory
//       32        description: aion.v1.Group (Docs/schema/aion/v1/log.proto)

public import AionModel

/// What a replica knows of its group beside the log: how it began, which lives of which directories
/// are its members', and whether it has lost what it promised them.
///
/// Written before anything else in a new directory, and replaced in one step when it changes.
public struct GroupRecord: Hashable, Sendable {
  /// Of this very directory.
  public private(set) var incarnation: Incarnation
  /// How often this directory has begun to recover.
  public private(set) var generation: Generation = 0
  /// The members that the group was founded with, in ascending order; empty in the directory of a
  /// replica that joined later.
  public let founders: [ReplicaID]
  /// Whether every founder has this directory's incarnation on its disk: before, this replica
  /// promises nothing. Always, for one that founded a group alone or joined one.
  public var isIntroduced: Bool
  /// The directories that are known as members', by ascending replica.
  public private(set) var lives: [Life] = []
  /// What it has lost, while it may not act as if it were whole; nil while it is.
  public private(set) var recovery: Recovery?

  /// Which directory is a replica's.
  @frozen
  public struct Life: Hashable, Sendable {
    public var replica: ReplicaID
    public var incarnation: Incarnation
    public var generation: Generation

    public init(_ replica: ReplicaID, _ incarnation: Incarnation, _ generation: Generation = 0) {
      self.replica = replica
      self.incarnation = incarnation
      self.generation = generation
    }
  }

  public init(incarnation: Incarnation, founders: [ReplicaID]) {
    self.incarnation = incarnation
    self.founders = Set(founders).sorted()
    isIntroduced = self.founders.count <= 1
  }

  init(
    incarnation: Incarnation, generation: Generation, founders: [ReplicaID], isIntroduced: Bool,
    lives: [Life], recovery: Recovery?
  ) {
    self.incarnation = incarnation
    self.generation = generation
    self.founders = founders
    self.isIntroduced = isIntroduced
    self.recovery = recovery
    for life in lives { _ = learn(life) }
  }

  /// The life that a replica is known by.
  public func life(of replica: ReplicaID) -> Life? { lives.first { $0.replica == replica } }

  /// Takes note of a life. Of a replica that is known already only a later life is news: ids are
  /// never used again, and a directory made anew is of generation 0.
  ///
  /// - Returns: Whether it is news.
  public mutating func learn(_ life: Life) -> Bool {
    let place = lives.firstIndex { $0.replica >= life.replica } ?? lives.endIndex
    if place < lives.endIndex, lives[place].replica == life.replica {
      guard life.generation > lives[place].generation else { return false }
      lives[place] = life
    } else {
      lives.insert(life, at: place)
    }
    return true
  }

  /// Whether others may hold what this replica lost. A voter is known before it counts, so one that
  /// knows nobody else decides alone.
  var hasOthers: Bool { founders.count != 1 || lives.count > 1 }

  /// Whether this directory may have promised something that others count on.
  var hasPromised: Bool { isIntroduced && lives.count > 1 }
}

// MARK: - Recovering

extension GroupRecord {
  /// More damage than this is not recovered from: something else is wrong.
  static let maximumFormers = 32
  private static let longestDamage = 1_000

  /// What a replica that has lost what it promised must remember until it is whole again.
  public struct Recovery: Hashable, Sendable {
    /// The incarnations that the group may know this directory by, oldest first.
    public internal(set) var formers: [Incarnation] = []
    /// What was found, for people.
    public internal(set) var damage = ""
    /// Whether the damaged files are set aside, so that this life may speak. Before, it has not.
    public internal(set) var isSettled = false
  }

  /// Begins another life, in which nothing is promised any more that was promised before.
  ///
  /// - Returns: false when it has had too many without ever being whole.
  public mutating func beginRecovery(
    of replica: ReplicaID, as successor: Incarnation, damage: String, isSettled: Bool = false
  ) -> Bool {
    var recovery = recovery ?? Recovery()
    if recovery.formers.isEmpty || recovery.isSettled {
      guard recovery.formers.count < Self.maximumFormers else { return false }
      recovery.formers.append(incarnation)
      incarnation = successor
      generation = generation.next
      _ = learn(Life(replica, incarnation, generation))
    }
    // The first damage is the one that explains the others.
    if recovery.damage.isEmpty { recovery.damage = String(damage.prefix(Self.longestDamage)) }
    recovery.isSettled = isSettled
    self.recovery = recovery
    return true
  }

  mutating func settle() { recovery?.isSettled = true }

  /// It holds again what it had promised, and all that the group may count on.
  public mutating func endRecovery() { recovery = nil }
}
