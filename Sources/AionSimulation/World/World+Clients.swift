import AionModel
import AionNode

// MARK: - The client's side

extension World {
  /// A client's alarm: its thinking is over, or no answer has come.
  func turn(_ id: ClientID, _ attempt: Int) throws(Violation) {
    let place = Int(id.rawValue) - 1
    guard clients[place].attempt == attempt else { return }
    if clients[place].current == nil {
      guard !isClosing else { return }
      begin(place)
    } else if clients[place].isPausing {
      clients[place].isPausing = false
    } else {
      clients[place].current?.isUncertain = true
      situations.note(.clientTimeout)
      clients[place].target = anyTarget(but: clients[place].target)
    }
    try ask(place)
  }

  private func begin(_ place: Int) {
    operations += 1
    let wall = WallTime(nanosecondsSince1970: Int64(now.microseconds) * 1_000)
    let request = load.next(for: clients[place].id, at: wall, &clientChance)
    clients[place].current = Client.Current(
      operation: Operation(
        client: clients[place].id, number: operations, request: request, invokedAt: now,
        floor: ledger.lastCommitted))
  }

  /// Sends what the client is at, or gives it up.
  private func ask(_ place: Int) throws(Violation) {
    guard let current = clients[place].current else { return }
    let isWrite: Bool
    var isRepeatable = true
    switch current.operation.request {
    case .write(_, _, let repeatable): (isWrite, isRepeatable) = (true, repeatable)
    case .read: isWrite = false
    }
    if current.isUncertain, isWrite, !isRepeatable { return try finish(place, .unknown) }
    if current.attempts >= Client<Load>.mostAttempts, !isHealed {
      return try finish(place, isWrite && current.isUncertain ? .unknown : .notDone)
    }
    situations.note(.clientRepeats, if: current.isUncertain)
    clients[place].current?.attempts += 1
    clients[place].attempt += 1
    let client = clients[place]
    say("client \(client.id) asks replica \(client.target)")
    if let arrival = clientPath() {
      queue.add(.request(client.id, attempt: client.attempt, to: client.target), at: arrival)
    }
    queue.add(.turn(client.id, attempt: client.attempt), at: now + scenario.tick * 40)
  }

  /// When something arrives between a client and a replica; nil when it is lost.
  private func clientPath() -> Moment? {
    let latency = clientPaths.span(around: network.odds.latency)
    let isLost = clientPaths.happens(isHealed ? .never : scenario.faults.lostAnswers)
    return isLost ? nil : now + latency
  }

  private func anyTarget(but target: ReplicaID) -> ReplicaID {
    let others = replicas.filter { !$0.isRetired && $0.id != target }.map(\.id)
    return others.isEmpty ? target : clientChance.one(of: others)
  }

  func hear(_ id: ClientID, _ attempt: Int, _ reply: Client<Load>.Reply) throws(Violation) {
    let place = Int(id.rawValue) - 1
    guard clients[place].attempt == attempt, let current = clients[place].current else { return }
    switch reply {
    case .applied(let index, let result):
      try check(index, current.operation)
      trace.note(8, UInt64(id.rawValue), UInt64(current.operation.number), index.rawValue)
      try finish(place, .applied(at: index, result, now))
    case .answered(let index, let answer):
      try check(index, current.operation)
      trace.note(9, UInt64(id.rawValue), UInt64(current.operation.number), index.rawValue)
      try finish(place, .answered(at: index, answer, now))
    case .refused(let error): refused(place, error)
    }
  }

  private func refused(_ place: Int, _ error: ClusterError) {
    if !error.isCertainRefusal { clients[place].current?.isUncertain = true }
    situations.note(.outcomeUnknown, if: error == .outcomeUnknown)
    say("client \(clients[place].id) is refused: \(error)")
    let target = clients[place].target
    if case .notLeader(let leader?, _) = error, let id = ReplicaID(named: leader),
      id != target, Int(id.rawValue) <= replicas.count
    {
      clients[place].target = id
    } else {
      clients[place].target = anyTarget(but: target)
    }
    // Asked again a little later: the alarm of this attempt is void by then.
    clients[place].isPausing = true
    clients[place].attempt += 1
    let pause = clientChance.span(around: scenario.tick * 2)
    queue.add(.turn(clients[place].id, attempt: clients[place].attempt), at: now + pause)
  }

  /// Whoever asks after something was committed finds at least that.
  private func check(
    _ index: LogIndex, _ operation: Operation<Machine.Command, Load.Query>
  ) throws(Violation) {
    if index < operation.floor {
      throw Violation(
        .realTime,
        "operation \(operation.number) of client \(operation.client) was answered as of index "
          + "\(index); index \(operation.floor) had been committed before it was asked")
    }
    ledger.acknowledge(index)
  }

  private func finish(
    _ place: Int, _ ending: Ending<Machine.Outcome, Load.Answer>
  ) throws(Violation) {
    guard let current = clients[place].current else { return }
    clients[place].current = nil
    clients[place].attempt += 1
    situations.note(ending)
    say("client \(clients[place].id): operation \(current.operation.number) \(ending.text)")
    if let complaint = load.note(current.operation, ending) {
      throw Violation(complaint.promise, complaint.detail)
    }
    guard !isClosing else { return }
    let pause = clientChance.span(around: scenario.thinkTime)
    queue.add(.turn(clients[place].id, attempt: clients[place].attempt), at: now + pause)
  }
}

extension ReplicaID {
  /// The replica that a node of a world is called by.
  init?(named node: NodeID) {
    guard let number = UInt64(node.description.dropFirst("node-".count)) else { return nil }
    self.init(number)
  }
}

extension Ending {
  var text: String {
    switch self {
    case .applied(let index, .success, _): "was applied at \(index)"
    case .applied(let index, .failure(let error), _): "was refused at \(index): \(error)"
    case .answered(let index, _, _): "was answered as of \(index)"
    case .notDone: "was not done"
    case .unknown: "was given up"
    }
  }
}

// MARK: - The replica's side

extension World {
  /// A request arrives.
  func take(_ id: ClientID, _ attempt: Int, at replicaID: ReplicaID) throws(Violation) {
    let client = clients[Int(id.rawValue) - 1]
    let replica = replica(replicaID)
    guard client.attempt == attempt, let current = client.current, let life = replica.life
    else { return }
    let ticket = Life<Machine>.Ticket(client: id, attempt: attempt)
    switch current.operation.request {
    case .write(let command, let encoded, _):
      try give(.propose(Submission(command, encoded: encoded), ticket), to: replica, life)
    case .read: try give(.read(ticket), to: replica, life)
    }
  }

  func answer(_ reply: AionNode.Reply<Watched<Machine>.Outcome>, of life: Life<Machine>) {
    guard let ticket = life.writes.removeValue(forKey: reply.id) else { return }
    switch reply.outcome {
    case .success(let outcome):
      answer(.applied(at: outcome.index, outcome.result), for: ticket)
    case .failure(let error): answer(.refused(error), for: ticket)
    }
  }

  func answer(_ read: ReadOutcome, of life: Life<Machine>) {
    switch read {
    case .ready(let id, _):
      guard let ticket = life.reads.removeValue(forKey: id),
        let current = clients[Int(ticket.client.rawValue) - 1].current,
        case .read(let query) = current.operation.request
      else { return }
      let answer = load.answer(query, from: life.node.machine.view.base)
      self.answer(.answered(at: life.node.applied, answer), for: ticket)
    case .failed(let id, let error):
      guard let ticket = life.reads.removeValue(forKey: id) else { return }
      answer(.refused(error), for: ticket)
    }
  }

  private func answer(_ reply: Client<Load>.Reply, for ticket: Life<Machine>.Ticket) {
    guard let arrival = clientPath() else { return situations.note(.answerLost) }
    queue.add(.answer(ticket.client, attempt: ticket.attempt, reply), at: arrival)
  }
}
