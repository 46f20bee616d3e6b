import AionModel
import AionRaft

extension Group {
  mutating func processReady(_ command: Command) throws(TranscriptError) {
    let places = try places(command)
    for place in places where !nodes[place].isDown {
      guard places.count > 1 else { return processReady(place) }
      print("> \(nodes[place].core.id) handling Ready\n")
      indented { $0.processReady(place) }
    }
  }

  /// Saves, applies, sends and acknowledges one output. What is applied counts before what was
  /// saved is acknowledged: the order of etcd's transcripts.
  mutating func processReady(_ place: Int) {
    let output = nodes[place].core.takeOutput()
    print(output.transcriptText)
    nodes[place].disk.save(output)
    for entry in output.committed {
      nodes[place].core.applied(through: entry.index)
      let state = SnapshotMetadata(
        position: entry.position, membership: nodes[place].core.membership)
      nodes[place].disk.applied = state
      nodes[place].core.snapshotTaken(state)
    }
    inFlight += output.sent
    nodes[place].core.persisted(through: output.receipt)
    nodes[place].core.checkInvariants()
  }

  /// `deliver-msgs 1 2 type=MsgApp drop=(3)`
  mutating func deliverMessages(_ command: Command) throws(TranscriptError) {
    var handled = 0
    for argument in command.arguments where argument.key != "type" {
      let isDropped = argument.key == "drop"
      for text in isDropped ? argument.values : [argument.key] {
        let receiver = ReplicaID(try command.number(text))
        handled += deliver(to: receiver, kind: command.value("type"), isDropped: isDropped)
      }
    }
    if handled == 0 { print("no messages\n") }
  }

  /// Hands over what waits for a node; returns how many messages that were.
  @discardableResult
  mutating func deliver(to receiver: ReplicaID, kind: String? = nil, isDropped: Bool) -> Int {
    let due = inFlight.filter { $0.to == receiver && (kind == nil || $0.body.kind == kind) }
    inFlight.removeAll { $0.to == receiver && (kind == nil || $0.body.kind == kind) }
    for message in due {
      let isLost = isDropped || isUnreachable(message)
      print((isLost ? "dropped: " : "") + message.transcriptText + "\n")
      if !isLost { step(Int(receiver.rawValue) - 1, .message(message)) }
    }
    return due.count
  }

  private func isUnreachable(_ message: Message) -> Bool {
    let place = Int(message.to.rawValue) - 1
    guard nodes.indices.contains(place), !nodes[place].isDown else { return true }
    return cutOff.contains(message.from) != cutOff.contains(message.to)
  }

  /// `partition 1 2`: nodes 1 and 2 reach only one another, until `heal`.
  mutating func partition(_ command: Command) throws(TranscriptError) {
    cutOff = Set(try places(command).map { nodes[$0].core.id })
  }

  /// Works off outputs and messages of the named nodes, or of all, until nothing is left to do.
  mutating func stabilize(_ command: Command) throws(TranscriptError) {
    let wasQuiet = isQuiet
    if let level = command.value("log-level") { try setLevel(level, command) }
    defer { isQuiet = wasQuiet }
    let named = try places(command)
    let places = named.isEmpty ? Array(nodes.indices) : named
    var rounds = 0
    while stabilizeOnce(places) {
      rounds += 1
      guard rounds < 10_000 else { throw command.complaint("does not settle") }
    }
  }

  private mutating func stabilizeOnce(_ places: [Int]) -> Bool {
    var hasWorked = false
    for place in places where !nodes[place].isDown && nodes[place].core.hasOutput {
      print("> \(nodes[place].core.id) handling Ready\n")
      indented { $0.processReady(place) }
      hasWorked = true
    }
    for place in places {
      let id = nodes[place].core.id
      guard inFlight.contains(where: { $0.to == id }) else { continue }
      print("> \(id) receiving messages\n")
      indented { _ = $0.deliver(to: id, isDropped: false) }
      hasWorked = true
    }
    return hasWorked
  }

  /// `send-snapshot 1 3`: node 1's newest state, not by its core's decision.
  mutating func sendSnapshot(_ command: Command) throws(TranscriptError) {
    let places = try places(command)
    guard places.count == 2 else { throw command.complaint("needs two nodes") }
    let sender = nodes[places[0]]
    let message = Message(
      from: sender.core.id, to: nodes[places[1]].core.id,
      .snapshot(sender.core.term, sender.disk.applied))
    inFlight.append(message)
    print(message.transcriptText)
  }
}
