import AionModel
import AionRaft

/// Every state that a single replica has been in, once, with what each stimulus makes of it.
///
/// A core is deterministic, so a step that was taken once need not be taken again, in whatever
/// world the replica finds itself; and a world is no more than a few numbers.
struct ReplicaStates {
  private let bounds: Bounds
  private(set) var replicas: [Replica] = []
  private(set) var facts: [Facts] = []
  private var places = NumberTable()
  private(set) var messages = MessageTable()
  private var logs = LogTable()
  private var steps: [Step] = []
  private var stepPlaces = NumberTable()
  private var origins: [Origin] = []

  // Images of states under the symmetries of the bounds, `unknown` until asked for.
  private let symmetries: Symmetries
  private var images: [UInt32] = []
  private static let unknown = UInt32.max

  /// What the explorer asks of a state over and over.
  struct Facts {
    let term: Term
    let committed: LogIndex
    let applied: LogIndex
    let isLeader: Bool
    let isVoter: Bool
    let isDown: Bool
    /// Whether a read can be asked for here.
    let knowsLeader: Bool
    let log: UInt32
  }

  enum Step {
    case leads(to: UInt32, messages: [UInt32], reads: [Output.SafeRead], syncs: Int)
    case violates(Violation)
  }

  /// How a state was first reached.
  private struct Origin {
    let parent: UInt32
    let stimulus: UInt32
  }

  init(_ bounds: Bounds, _ symmetries: Symmetries) throws(RaftStartError) {
    self.bounds = bounds
    self.symmetries = symmetries
    for id in bounds.ids {
      let replica = try Replica(
        id: id, options: bounds.options, seed: id.rawValue, start: bounds.start(of: id))
      add(replica, Origin(parent: ReplicaStates.unknown, stimulus: 0))
    }
  }

  var count: Int { replicas.count }

  /// An estimate: what a state owns beyond its value is shared with others more often than not.
  var bytes: Int {
    count * (MemoryLayout<Replica>.stride + 512) + images.count * 4 + stepPlaces.bytes
      + steps.count * 96 + messages.count * 256
  }

  // MARK: - Steps

  /// What an action makes of a state.
  mutating func step(_ state: UInt32, _ action: Action) -> Step {
    steps[Int(place(ofStep: state, action.stimulus))]
  }

  private mutating func place(ofStep state: UInt32, _ stimulus: UInt32) -> UInt32 {
    let key = UInt64(state) << 32 | UInt64(stimulus)
    if let known = stepPlaces[key] { return known }
    let place = UInt32(steps.count)
    steps.append(take(state, stimulus))
    stepPlaces.insert(place, at: key)
    return place
  }

  private mutating func take(_ state: UInt32, _ code: UInt32) -> Step {
    var replica = replicas[Int(state)]
    let action = Action(packed: code)
    do throws(Violation) {
      let reaction = try replica.perform(stimulus(action), crash: action.crash)
      let sent = reaction.messages.map { messages.number(of: $0) }
      let next = number(of: replica, Origin(parent: state, stimulus: code))
      return .leads(to: next, messages: sent, reads: reaction.reads, syncs: reaction.syncs)
    } catch {
      return .violates(error)
    }
  }

  func stimulus(_ action: Action) -> Stimulus {
    switch action.kind {
    case .deliver, .duplicate, .drop: .deliver(messages[action.message])
    case .tick: .tick
    case .timeout: .timeout
    case .propose: .propose(action.parameter)
    case .change: .change(bounds.changes[action.parameter])
    case .transfer: .transfer(to: bounds.ids[action.parameter])
    case .read: .read(action.parameter)
    case .compact: .compact
    case .crash: .crash
    case .restart: .restart
    }
  }

  // MARK: - States

  private mutating func number(of replica: Replica, _ origin: Origin) -> UInt32 {
    var key = UInt64(bitPattern: Int64(replica.hashValue)) >> 1
    while let known = places[key] {
      if replicas[Int(known)] == replica { return known }
      key &+= 1
    }
    return add(replica, origin, at: key)
  }

  @discardableResult
  private mutating func add(_ replica: Replica, _ origin: Origin, at free: UInt64? = nil) -> UInt32
  {
    let number = UInt32(replicas.count)
    let core = replica.core
    replicas.append(replica)
    facts.append(
      Facts(
        term: core.term, committed: core.committed, applied: core.applied,
        isLeader: core.roleName == .leader, isVoter: core.membership.isVoter(core.id),
        isDown: replica.isDown, knowsLeader: core.leader != nil, log: logs.number(of: core)))
    origins.append(origin)
    images.append(contentsOf: repeatElement(ReplicaStates.unknown, count: symmetries.count))
    places.insert(number, at: free ?? UInt64(bitPattern: Int64(replica.hashValue)) >> 1)
    return number
  }

  mutating func logsMatch(_ one: UInt32, _ other: UInt32) throws(Violation) {
    guard logs.mayDiffer(facts[Int(one)].log, facts[Int(other)].log) else { return }
    try LogMatching.check(replicas[Int(one)].core, replicas[Int(other)].core)
    logs.match(facts[Int(one)].log, facts[Int(other)].log)
  }

  // MARK: - Images

  /// The state that the namesake would be in: it is led there by the renamed steps.
  mutating func image(of state: UInt32, under symmetry: Int) -> UInt32 {
    guard symmetry > 0 else { return state }
    let slot = Int(state) * symmetries.count + symmetry
    if images[slot] != ReplicaStates.unknown { return images[slot] }
    let image = findImage(of: state, under: symmetry)
    images[slot] = image
    return image
  }

  private mutating func findImage(of state: UInt32, under symmetry: Int) -> UInt32 {
    let origin = origins[Int(state)]
    guard origin.parent != ReplicaStates.unknown else {
      return UInt32(symmetries.place(of: Int(state), under: symmetry))
    }
    let parent = image(of: origin.parent, under: symmetry)
    let stimulus = rename(Action(packed: origin.stimulus), under: symmetry)
    let step = steps[Int(place(ofStep: parent, stimulus.packed))]
    // A replica that treats names differently is not folded, and its violation is found by itself.
    guard case .leads(let image, _, _, _) = step else { return state }
    return image
  }

  private mutating func rename(_ action: Action, under symmetry: Int) -> Action {
    switch action.kind {
    case .deliver, .duplicate, .drop:
      let image = messages.image(of: action.message, under: symmetry, symmetries)
      return Action(.deliver, image, crash: action.crashCode)
    case .change:
      let parameter = symmetries.change(action.parameter, under: symmetry)
      return Action(.change, node: 0, parameter: parameter, crash: action.crashCode)
    case .transfer:
      let parameter = symmetries.place(of: action.parameter, under: symmetry)
      return Action(.transfer, node: 0, parameter: parameter, crash: action.crashCode)
    default: return action
    }
  }

  mutating func image(ofMessage message: UInt32, under symmetry: Int) -> UInt32 {
    messages.image(of: message, under: symmetry, symmetries)
  }
}

extension Action {
  /// What it is to the replica that it happens to, whichever that is and whatever the network
  /// keeps.
  fileprivate var stimulus: UInt32 {
    if isAboutMessage { return Action(.deliver, message, crash: crashCode).packed }
    return Action(kind, node: 0, parameter: parameter, crash: crashCode).packed
  }
}
