import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft
import Dispatch

typealias NodeQueue = SubmissionQueue<Submission<CommandBatch>, Waiter<Applied>, NodeRequest>

/// Runs a node on the one thread that owns it: drains the queue, lets the node write and sync, and
/// answers those who wait.
struct NodeRunner: ~Copyable {
  typealias ReplicaNode = CatalogNode<PosixLogDirectory>

  var node: ReplicaNode
  private let directory: PosixLogDirectory
  var path: String { directory.path }
  private var disk: DiskUsage?
  let queue: NodeQueue
  private let feed: ChangeFeed
  let board: StatusBoard
  let background: BackgroundWorker
  var effects: CatalogEffects
  private var callers = WaitingCallers()
  private var compactions: [Waiter<LogIndex>] = []
  /// What only one replica of several has to do; nil for one that is alone.
  var duty: GroupDuty?
  /// What was drained last.
  private var contents = NodeQueue.Contents()
  /// In turns only: until when there is nothing to do, unless something comes.
  private var rest: NodeQueue.Rest?

  init(
    node: consuming ReplicaNode, in directory: PosixLogDirectory, disk: DiskUsage?,
    effects: CatalogEffects, queue: NodeQueue, feed: ChangeFeed, board: StatusBoard,
    background: BackgroundWorker, duty: GroupDuty?
  ) {
    self.node = node
    self.directory = directory
    self.disk = disk
    self.effects = effects
    self.queue = queue
    self.feed = feed
    self.board = board
    self.background = background
    self.duty = duty
  }

  /// Runs until the queue is closed and empty, on a thread that does nothing else.
  mutating func run() {
    while drain() { doRound() }
    finish()
  }

  /// Does what there is to do, on a thread that does other things, too.
  mutating func turn() -> Turn {
    guard let duty else { preconditionFailure("one that is alone has a thread of its own") }
    guard
      queue.poll(
        into: &contents, waitingAtMost: duty.pause, gathering: gathering, rest: &rest)
    else {
      finish()
      return .over
    }
    if let rest { return .rest(until: rest.pause) }
    doRound()
    return .again
  }

  /// What follows a turn.
  enum Turn {
    case again
    case rest(until: DispatchTime)
    case over
  }

  private mutating func doRound() {
    if duty != nil { beginRound() }
    for request in contents.requests { take(request) }
    if duty != nil {
      let areThere = !contents.writes.isEmpty || queue.count > 0
      goOnWithGroup(writesFollow: areThere || duty?.writers.areMany == true)
      // Answering others brings new writes.
      queue.takeWrites(into: &contents, gathering: gathering)
    }
    propose(contents)
    startCompaction()
    if duty != nil { endRound(isAnyoneWaiting: callers.count > 0 || queue.count > 0) }
  }

  private mutating func drain() -> Bool {
    guard let duty else { return queue.drain(into: &contents) }
    return queue.drain(into: &contents, waitingAtMost: duty.pause, gathering: gathering)
  }

  /// What a batch is to hold, of what is under way now.
  private var gathering: Gathering { duty?.gathering(underWay: callers.count) ?? .none }

  /// Proposes what was drained. What was kept back, to be told along with the next entries, is told
  /// when none are and none are expected soon.
  private mutating func propose(_ contents: NodeQueue.Contents) {
    if contents.writes.isEmpty, duty?.expectsBatch(waiting: queue.count) == true {
      return carryOut()
    }
    let underWay = callers.count
    let first = callers.add(contents.callers)
    if !contents.writes.isEmpty || underWay == 0 {
      duty?.willPropose(contents.writes.count, from: first, underWay: underWay)
    }
    node.propose(contents.writes, from: first, at: .now, effects: &effects)
    carryOut()
  }

  private mutating func take(_ request: NodeRequest) {
    switch request {
    case .compact(let waiter): compactions.append(waiter)
    case .snapshotEnded(let outcome): finishSnapshot(outcome)
    case .segmentPrepared(let segment):
      node.adopt(segment)
      lookAtDisk()
    default: takeGroupRequest(request)
    }
  }

  /// Answers only now: everything in `effects` rests on what is synced.
  mutating func carryOut() {
    if let last = effects.replies.last {
      duty?.willAnswer(through: last.id, present: callers.count + queue.count)
    }
    publishChanges()
    board.post(DurableStatus(of: node, at: path, disk: disk))
    for reply in effects.replies { callers.answer(reply) }
    for work in effects.work { background.start(work) }
    if let preparation = node.nextSegmentPreparation() { background.start(preparation) }
    if duty != nil { carryOutForGroup() }
    effects.removeAll()
  }

  /// Sees what is told of it next.
  mutating func lookAtDisk() { disk = try? DiskUsage(of: directory) }

  private func publishChanges() {
    guard let installed = effects.installed else {
      return feed.publish(effects.changes, through: node.applied)
    }
    feed.beginAgain(after: installed)
    feed.publish(effects.changes.filter { $0.index > installed }, through: node.applied)
  }

  private mutating func startCompaction() {
    guard !compactions.isEmpty, !node.isWritingSnapshot else { return }
    if !node.requestSnapshot(effects: &effects) { answerCompactions(.success(node.snapshotIndex)) }
    carryOut()
  }

  private mutating func finishSnapshot(_ outcome: Result<SnapshotMetadata, LogFault>) {
    node.snapshotEnded(outcome, effects: &effects)
    lookAtDisk()
    carryOut()
    answerCompactions(
      outcome.map(\.position.index).mapError { [path] in ClusterError($0, at: path) })
  }

  private mutating func answerCompactions(_ outcome: Result<LogIndex, ClusterError>) {
    for waiter in compactions { waiter.resume(outcome) }
    compactions = []
  }

  private mutating func finish() {
    answerCompactions(.failure(.closed))
    callers.answerAll(.outcomeUnknown)
    if duty != nil { endDuty() }
    background.finish()
    feed.close()
  }
}
