import AionModel
import AionNode
import AionRaft

/// A place at which a replica runs, with its disk and its clock; alive or not.
final class Replica<Machine: StateMachine> {
  let id: ReplicaID
  var disk: SimulatedDisk
  var beginning: NodeBeginning
  var clock: SimulatedClock
  var life: Life<Machine>? {
    didSet { if let oldValue, life == nil { lastMembership = oldValue.node.membership } }
  }
  /// What was in force for it when its last life ended, and is again when it comes back.
  private(set) var lastMembership = Membership()
  /// Counts every time that the disk was replaced by an empty one.
  var wipes = 0
  /// The disk refused to be opened, for a reason that will not pass.
  var isBeyondRepair = false
  /// When it is due to be opened again.
  var restartAt: Moment?
  /// A leader has counted it among the members.
  var hasBeenMember = false
  /// Switched off for good: it was removed from the group.
  var isRetired = false

  init(_ id: ReplicaID, _ disk: SimulatedDisk, _ beginning: NodeBeginning, _ clock: SimulatedClock)
  {
    self.id = id
    self.disk = disk
    self.beginning = beginning
    self.clock = clock
  }
}

/// A clock that goes wrong: it ticks too fast or too slowly, and the wall clock jumps.
struct SimulatedClock {
  /// Between two ticks.
  let interval: Span
  /// What people would read on the wall, beside the true time.
  var wallOffset = Span.zero

  /// - Parameter drift: By how many thousandths it is too slow; negative when it is too fast.
  init(tick: Span, drift: Int) {
    interval = Span(microseconds: max(1, tick.microseconds * (1_000 + drift) / 1_000))
  }

  func wallTime(at now: Moment) -> WallTime {
    let microseconds = Int64(now.microseconds + wallOffset.microseconds)
    return WallTime(nanosecondsSince1970: 1_700_000_000_000_000_000 + microseconds * 1_000)
  }
}
