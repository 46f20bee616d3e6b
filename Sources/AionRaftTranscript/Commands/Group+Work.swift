import AionModel
import AionRaft

extension Group {
  /// `process-ready 1 2`; with `apply=last` in the order in which `Output` says it; with
  /// `crash=before-sync` or `crash=after-sync` the node is down where the sync was, or has been.
  mutating func processReady(_ command: Command) throws(TranscriptError) {
    let crash = command.value("crash")
    guard crash == nil || crash == "before-sync" || crash == "after-sync" else {
      throw command.complaint("unknown crash point")
    }
    let places = try places(command)
    for place in places where !nodes[place].isDown {
      if let crash {
        crashInReady(place, isSaved: crash == "after-sync")
      } else if places.count == 1 {
        processReady(place, appliesLast: command.value("apply") == "last")
      } else {
        print("> \(nodes[place].core.id) handling Ready\n")
        indented { $0.processReady(place) }
      }
    }
  }

  /// Saves, applies, sends and acknowledges one output. What is applied counts before what was
  /// saved is acknowledged: the order of etcd's transcripts.
  mutating func processReady(_ place: Int, appliesLast: Bool = false) {
    let output = nodes[place].core.takeOutput()
    print(output.transcriptText)
    nodes[place].disk.save(output)
    if appliesLast { nodes[place].core.persisted(through: output.receipt) }
    for entry in output.committed {
      nodes[place].core.applied(through: entry.index)
      let state = SnapshotMetadata(
        position: entry.position, membership: nodes[place].core.membership)
      nodes[place].disk.applied = state
      nodes[place].core.snapshotTaken(state)
    }
    inFlight += output.sent
    if !appliesLast { nodes[place].core.persisted(through: output.receipt) }
    nodes[place].core.checkInvariants()
  }

  /// Nothing that waits for the sync leaves.
  private mutating func crashInReady(_ place: Int, isSaved: Bool) {
    let output = nodes[place].core.takeOutput()
    print(output.transcriptText)
    if isSaved { nodes[place].disk.save(output) }
    inFlight += output.messages
    nodes[place].isDown = true
  }

  /// `deliver-msg 3`, `duplicate-msg 3`, `drop-msg 3`: of all messages in flight the third, counted
  /// in the order in which they were sent. A duplicate is delivered and stays in flight.
  mutating func handleMessage(_ command: Command) throws(TranscriptError) {
    let number = Int(clamping: try command.number(command.plain.first ?? ""))
    guard inFlight.indices.contains(number - 1) else { return print("no messages\n") }
    let message = inFlight[number - 1]
    if command.name != "duplicate-msg" { inFlight.remove(at: number - 1) }
    let isLost = command.name == "drop-msg" || isUnreachable(message)
    print((isLost ? "dropped: " : "") + message.transcriptText + "\n")
    if !isLost { step(Int(message.to.rawValue) - 1, .message(message)) }
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
