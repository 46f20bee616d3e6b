import ArgumentParser
import ClusterRig
import Foundation

/// Three processes of ours and three of etcd's, on the same disk, with the same record, in turns.
struct ClusterBenchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "Three aiond beside three etcd on loopback: writes, reads, failover.",
    discussion: """
      etcd is asked by h2load, which is written in C and uses little of the processor, over gRPC, \
      at its leader. aiond is asked twice: by the shipped client, with a session for each \
      connection, and in the same way as etcd, by one thread that does no more than send and look \
      at what comes. All generators run on the machine that they measure; \
      "CPU µs" is what the three processes of the service had of the processor for each request, \
      without who asks. \
      Needs etcd, etcdctl and h2load (Debian: etcd-server, etcd-client, nghttp2-client); with \
      --alone only aiond is measured.
      """)

  @Option(help: "Numbers of clients that ask at a time, each waiting for its answer.")
  var clients: [Int] = [1, 64, 1_024]

  @Option(help: "How many clients share a connection, as the tasks of one process do.")
  var sharing: [Int] = [1, 64]

  @Option(help: "Rounds; the services take turns in each.")
  var rounds = 5

  @Option(help: "Seconds of one turn.")
  var seconds = 2

  @Option(help: "How often the leader of aiond is killed for the figures of failover.")
  var failovers = 5

  @Flag(help: "Measure aiond only.")
  var alone = false

  @Option(help: "Measure this only, and no failover.")
  var only: ServiceRequest?

  @Option(help: "Where to put the data directories; must be on the disk to measure.")
  var directory = FileManager.default.currentDirectoryPath + "/.build/bench"

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard rounds > 0, seconds > 0, failovers >= 0 else {
      throw ValidationError("rounds and seconds: above 0; failovers: 0 and up")
    }
    for (name, numbers) in [("clients", clients), ("sharing", sharing)] {
      guard !numbers.isEmpty, numbers.allSatisfy({ (1...4_096).contains($0) }) else {
        throw ValidationError("\(name): 1 to 4096")
      }
    }
  }

  func run() async throws {
    guard let program = ProgramPath.find("aiond") else {
      throw ValidationError("aiond is not built beside this program; use tools/aionbench")
    }
    let folder = directory + "/cluster-\(ProcessInfo.processInfo.processIdentifier)"
    let rig = try ClusterRig(program: program, folder: folder + "/aiond", founders: 3)
    RigInterruption.close(rig)
    defer {
      rig.close()
      try? FileManager.default.removeItem(atPath: folder)
    }
    let record = BenchmarkRecord()
    try rig.startAll()
    _ = try await rig.leader()
    let aiond: [any MeasuredService] = [
      AiondService(rig: rig, record: record), BareAiondService(rig: rig, record: record),
    ]
    var report = ClusterReport()
    if alone {
      report.samples = try await measure(aiond)
    } else {
      let etcd = try EtcdService(in: folder + "/etcd", record: record)
      defer { etcd.close() }
      report.samples = try await measure(aiond + [etcd])
    }
    for number in 0..<(only == nil ? failovers : 0) {
      say("failover \(number + 1) of \(failovers)")
      report.add(try await FailoverClock(rig: rig, record: record).run())
    }
    print(json ? try oneObject(report) : report.text)
  }

  private func measure(_ services: [any MeasuredService]) async throws -> [ServiceSamples] {
    var samples: [ServiceSamples] = []
    for request in ServiceRequest.allCases where only.map({ $0 == request }) ?? true {
      for numbers in layouts {
        var turns = services.map { ServiceSamples(request, by: numbers, service: $0.name) }
        for round in 1...rounds {
          say("\(request.rawValue)s by \(numbers), round \(round) of \(rounds)")
          for (place, service) in services.enumerated() {
            let before = try processorTime(of: service)
            let figures = try await service.run(request, by: numbers, for: seconds)
            turns[place].add(figures, processorTime: try processorTime(of: service) - before)
          }
        }
        samples += turns
      }
    }
    return samples
  }

  private func processorTime(of service: any MeasuredService) throws -> Double {
    try service.processes.reduce(0) { try $0 + ProcessorTime.used(by: $1) }
  }

  /// Each number of clients over each number of connections.
  private var layouts: [ClientNumbers] {
    clients.flatMap { count in
      sharing.map { ClientNumbers(count, perConnection: $0) }
        .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
  }

  private func say(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
}
