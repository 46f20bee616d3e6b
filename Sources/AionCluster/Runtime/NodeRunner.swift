import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft

typealias NodeQueue = SubmissionQueue<Submission<CommandBatch>, Waiter<Applied>, NodeRequest>

/// Runs a node on the one thread that owns it: drains the queue, lets the node write and sync, and
/// answers those who wait.
struct NodeRunner: ~Copyable {
  typealias ReplicaNode = CatalogNode<PosixLogDirectory>

  private var node: ReplicaNode
  private let path: String
  private let queue: NodeQueue
  private let feed: ChangeFeed
  private let board: StatusBoard
  private let background: BackgroundWorker
  private var effects: CatalogEffects
  private var callers = WaitingCallers()
  private var compactions: [Waiter<LogIndex>] = []

  init(
    node: consuming ReplicaNode, at path: String, effects: CatalogEffects,
    queue: NodeQueue, feed: ChangeFeed, board: StatusBoard,
    background: BackgroundWorker
  ) {
    self.node = node
    self.path = path
    self.effects = effects
    self.queue = queue
    self.feed = feed
    self.board = board
    self.background = background
  }

  /// Runs until the queue is closed and empty.
  mutating func run() {
    var contents = NodeQueue.Contents()
    carryOut()
    while queue.drain(into: &contents) {
      for request in contents.requests { take(request) }
      let first = callers.add(contents.callers)
      node.propose(contents.writes, from: first, at: .now, effects: &effects)
      carryOut()
      startCompaction()
    }
    finish()
  }

  private mutating func take(_ request: NodeRequest) {
    switch request {
    case .compact(let waiter): compactions.append(waiter)
    case .snapshotEnded(let outcome): finishSnapshot(outcome)
    case .segmentPrepared(let segment): node.adopt(segment)
    }
  }

  /// Answers only now: everything in `effects` rests on what is synced.
  private mutating func carryOut() {
    feed.publish(effects.changes)
    board.post(DurableStatus(of: node, at: path))
    for reply in effects.replies { callers.answer(reply) }
    for work in effects.work { background.start(work) }
    if let preparation = node.nextSegmentPreparation() { background.start(preparation) }
    effects.removeAll()
  }

  private mutating func startCompaction() {
    guard !compactions.isEmpty, !node.isWritingSnapshot else { return }
    if !node.requestSnapshot(effects: &effects) { answerCompactions(.success(node.snapshotIndex)) }
    carryOut()
  }

  private mutating func finishSnapshot(_ outcome: Result<SnapshotMetadata, LogFault>) {
    node.snapshotEnded(outcome, effects: &effects)
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
    background.finish()
    feed.close()
  }
}
