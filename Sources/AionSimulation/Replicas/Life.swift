import AionLog
import AionModel
import AionNode
import AionRaft

/// One life of a replica, from opening its directory to a crash: the shipped node, and what waits
/// for it while its disk is busy.
final class Life<Machine: StateMachine> {
  typealias Node = AionNode.Node<SimulatedDirectory, Watched<Machine>>
  typealias Effects = AionNode.Effects<Watched<Machine>>

  /// Counts the lives of a world; events of an earlier life of the replica are void.
  let number: Int
  var node: Node
  var effects = Effects()
  /// What left while a call was going on, and when.
  let early: EarlyMail
  /// Its one thread waits for the disk until then, or stands still for another reason.
  var freeAt: Moment
  /// What came meanwhile, oldest first.
  var inbox: [Stimulus] = []
  /// Effects have not been released: the call that made them is not over yet.
  var isHolding = false

  // Whom its answers are for
  var writes: [SubmissionID: Ticket] = [:]
  var reads: [ReadID: Ticket] = [:]

  var mark = Ledger.Mark()
  /// Others have said that they do not know this directory.
  var isRefused = false
  /// A job of each kind at a time is run by another thread.
  var jobs: [Job: Work] = [:]

  init(number: Int, node: consuming Node, on disk: SimulatedDisk) {
    self.number = number
    self.node = node
    freeAt = disk.time
    let early = EarlyMail()
    self.early = early
    self.node.sendAtOnce = { early.envelopes.append((disk.time, $0)) }
  }

  /// The first write that waits.
  func takeProposal() -> (Submission<Machine.Command>, Ticket)? {
    for (place, waiting) in inbox.enumerated() {
      guard case .propose(let submission, let ticket) = waiting else { continue }
      inbox.remove(at: place)
      return (submission, ticket)
    }
    return nil
  }

  /// What a node sends before a sync leaves at that moment, whatever becomes of the sync.
  final class EarlyMail {
    var envelopes: [(at: Moment, [Envelope])] = []

    func take() -> [(at: Moment, [Envelope])] {
      defer { envelopes = [] }
      return envelopes
    }
  }

  /// Which request of which client waits.
  struct Ticket {
    var client: ClientID
    var attempt: Int
  }

  /// What a node can be given.
  enum Stimulus {
    case tick
    case envelopes([Envelope])
    case unreachable(ReplicaID)
    case lost(ReplicaID)
    case propose(Submission<Machine.Command>, Ticket)
    case read(Ticket)
    case change(ConfigurationChange)
    case transfer(to: ReplicaID)
    case compact
    case ended(Job)
  }

  enum Job: Int { case snapshot, segment, reading }

  /// How a job will have ended.
  enum Work {
    case snapshot(Result<SnapshotMetadata, LogFault>)
    case segment(PreparedSegment<SimulatedDirectory>?)
    case reading(SnapshotRead<Watched<Machine>>)
  }
}
