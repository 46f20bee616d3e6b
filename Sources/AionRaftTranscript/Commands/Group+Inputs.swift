import AionModel
import AionRaft

extension Group {
  /// Gives an input to the node that a command names first.
  mutating func step(_ command: Command, _ input: Input) throws(TranscriptError) {
    step(try firstPlace(command), input)
  }

  mutating func step(_ place: Int, _ input: Input) {
    guard !nodes[place].isDown else { return }
    do throws(RaftRefusal) {
      try nodes[place].core.step(input)
    } catch {
      if input.showsRefusals, let text = text(of: error) { print(text + "\n") }
    }
    nodes[place].core.checkInvariants()
  }

  /// `tick 1 5`
  mutating func tick(_ command: Command) throws(TranscriptError) {
    guard command.plain.count == 2 else { throw command.complaint("needs a node and a number") }
    let count = Int(try command.number(command.plain[1]))
    try tick(command) { _ in count }
  }

  mutating func tick(
    _ command: Command, _ count: (RaftOptions) -> Int
  ) throws(TranscriptError) {
    let place = try firstPlace(command)
    for _ in 0..<count(nodes[place].core.options) { step(place, .tick) }
  }

  /// `set-randomized-election-timeout 1 timeout=5`
  mutating func setElectionTimeout(_ command: Command) throws(TranscriptError) {
    let ticks = try command.number(command.value("timeout") ?? "")
    nodes[try firstPlace(command)].core.setElectionTimeout(ticks: Int(ticks))
  }

  /// `propose 1 text`
  mutating func propose(_ command: Command) throws(TranscriptError) {
    guard command.plain.count == 2 else { throw command.complaint("needs a node and a text") }
    try step(command, .propose([.command(Array(command.plain[1].utf8))]))
  }

  /// `read-index 1 7`: asks node 1 for the index that read 7 must wait for.
  mutating func readIndex(_ command: Command) throws(TranscriptError) {
    guard command.plain.count == 2 else { throw command.complaint("needs a node and a number") }
    try step(command, .readIndex(ReadID(try command.number(command.plain[1]))))
  }

  /// `transfer-leadership from=1 to=4`
  mutating func transferLeadership(_ command: Command) throws(TranscriptError) {
    let from = ReplicaID(try command.number(command.value("from") ?? ""))
    let target = ReplicaID(try command.number(command.value("to") ?? ""))
    step(try place(from, command), .transferLeadership(to: target))
  }

  /// `report-unreachable 1 2`: node 1 hears that its messages to node 2 are lost;
  /// `report-lost 1 2`: that its connection to node 2 broke.
  mutating func report(
    _ command: Command, as input: (ReplicaID) -> Input
  ) throws(TranscriptError) {
    let places = try places(command)
    guard places.count == 2 else { throw command.complaint("needs two nodes") }
    step(places[0], input(nodes[places[1]].core.id))
  }

  /// `report-snapshot 1 3 delivered=false`: node 1 hears what became of its snapshot for node 3.
  mutating func reportSnapshot(_ command: Command) throws(TranscriptError) {
    let places = try places(command)
    guard places.count == 2 else { throw command.complaint("needs two nodes") }
    let isDelivered = try command.flag(command.value("delivered") ?? "true")
    step(places[0], .snapshotStatus(nodes[places[1]].core.id, delivered: isDelivered))
  }

  /// `propose-conf-change 1 v1=true transition=explicit`, and below it `v2 l3 r1`.
  mutating func proposeConfiguration(
    _ command: Command, steps lines: [String]
  ) throws(TranscriptError) {
    var change = ConfigurationChange(steps: [])
    for word in lines.flatMap({ $0.split(whereSeparator: \.isWhitespace) }) {
      guard let step = ConfigurationChange.Step(transcriptText: String(word)) else {
        throw command.complaint("unknown input: \(word)")
      }
      change.steps.append(step)
    }
    switch command.value("transition") ?? "auto" {
    case "auto": change.transition = .automatic
    case "implicit": change.transition = .implicit
    case "explicit": change.transition = .explicit
    case let other: throw command.complaint("unknown transition \(other)")
    }
    if try command.flag(command.value("v1") ?? "false") {
      guard change.steps.count == 1, change.transition == .automatic else {
        throw command.complaint("v1 takes one operation and no transition")
      }
      change.context = ConfigurationForm.single
    }
    try step(command, .proposeConfiguration(change))
  }
}

extension Input {
  /// Whether a transcript shows that the input was not taken; elsewhere that is only logged.
  fileprivate var showsRefusals: Bool {
    switch self {
    case .propose, .proposeConfiguration: true
    case .message(let message):
      switch message.body {
      case .transferLeadership, .readIndex: false
      default: true
      }
    default: false
    }
  }
}
