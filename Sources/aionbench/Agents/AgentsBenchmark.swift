import AionServer
import ArgumentParser
import ClusterRig
import Foundation

/// What the agents of many nodes cost the leader that hears them, and those who write meanwhile.
struct AgentsBenchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agents",
    abstract: "Three aiond on loopback with the agents of many nodes, and without.",
    discussion: """
      Each agent has connections of its own, as the process of a node has. With agents and \
      without, in turns: the leader's processor time while nobody writes, and durable writes per \
      second by clients. Agents and clients run on the machine that they measure, in one process. \
      Reads /proc, so it needs Linux.
      """)

  @Option(help: "Nodes that have agents.")
  var agents = 1_000

  @Option(help: "Seconds of a node's time to live; an agent is heard of three times in it.")
  var timeToLive = 10

  @Option(help: "Clients that write at a time, each over its connection.")
  var clients = 64

  @Option(help: "Rounds; the sides take turns in each.")
  var rounds = 5

  @Option(help: "Seconds of one turn.")
  var seconds = 5

  @Option(help: "Where to put the data directories; must be on the disk to measure.")
  var directory = FileManager.default.currentDirectoryPath + "/.build/bench"

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard (1...4_000).contains(agents) else { throw ValidationError("--agents: 1 to 4000") }
    guard (1...3_600).contains(timeToLive) else {
      throw ValidationError("--time-to-live: 1 to 3600")
    }
    guard (1...1_024).contains(clients), agents + clients <= 4_064 else {
      throw ValidationError("--clients: 1 to 1024, and with --agents 4064 at most")
    }
    guard rounds > 0, seconds > 0 else { throw ValidationError("rounds and seconds: above 0") }
  }

  func run() async throws {
    guard let program = ProgramPath.find("aiond") else {
      throw ValidationError("aiond is not built beside this program; use tools/aionbench")
    }
    FileLimit.raise()
    let folder = directory + "/agents-\(ProcessInfo.processInfo.processIdentifier)"
    let rig = try ClusterRig(program: program, folder: folder, founders: 3)
    RigInterruption.close(rig)
    defer { rig.close() }
    try rig.startAll()
    _ = try await rig.leader()
    var report = AgentsReport(agents: agents, clients: clients)
    for round in 1...rounds {
      // Who is first in one round is second in the next.
      for hasAgents in round.isMultiple(of: 2) ? [true, false] : [false, true] {
        say("round \(round) of \(rounds), \(hasAgents ? "with" : "without") agents")
        try await measure(rig, hasAgents: hasAgents, into: &report)
      }
    }
    print(json ? try oneObject(report) : report.text)
  }

  private func measure(
    _ rig: ClusterRig, hasAgents: Bool, into report: inout AgentsReport
  ) async throws {
    let fleet =
      hasAgents
      ? try await AgentFleet.start(agents, at: rig.addresses, timeToLive: .seconds(timeToLive))
      : nil
    let meter = LeaderMeter(rig: rig)
    let (_, quiet) = try await meter.measure {
      try await Task.sleep(for: .seconds(seconds))
    }
    let service = AiondService(rig: rig, record: BenchmarkRecord())
    let numbers = ClientNumbers(clients, perConnection: 1)
    let (writes, busy) = try await meter.measure {
      try await service.run(.write, by: numbers, for: seconds)
    }
    try fleet?.checkLive()
    await fleet?.stop()
    report.add(hasAgents: hasAgents, quiet: quiet, busy: busy, writes: writes)
  }

  private func say(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
}
