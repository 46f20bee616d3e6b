import AionHistory
import ArgumentParser
import ClusterRig
import Foundation

/// Clients write and read while processes are killed; then all that they were told is judged.
@main
struct ChaosTool: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chaos",
    abstract: "Kills, stops and hangs processes of a group under load; judges what clients heard.",
    discussion: """
      Ends with 0 when one order of all operations explains every answer, and with 1 when not: \
      then an acknowledged write was lost, or a read was stale. The same seed gives the same \
      faults and the same operations, but not the same moments.
      """)

  @Option(help: "Minutes of faults.")
  var minutes = 1.0

  @Option(help: "Chooses faults and operations (default: drawn, and printed).")
  var seed: UInt64 = .random(in: 0...UInt64.max)

  @Option(help: "Processes.")
  var nodes = 3

  @Option(help: "Clients, each with a session.")
  var clients = 64

  @Option(help: "Milliseconds between heartbeats.")
  var heartbeat = 100

  @Option(help: "Write the history there (Docs/History.md).")
  var history: String?

  @Flag(help: "With certificates, made by aionctl for this run: everything goes over TLS.")
  var tls = false

  func validate() throws {
    guard minutes > 0, minutes <= 10_000 else { throw ValidationError("--minutes: above 0") }
    guard (1...7).contains(nodes) else { throw ValidationError("--nodes: 1 to 7") }
    guard (1...1_024).contains(clients) else { throw ValidationError("--clients: 1 to 1024") }
    guard heartbeat >= 5 else { throw ValidationError("--heartbeat: at least 5") }
  }

  func run() async throws {
    guard let program = ProgramPath.find("aiond") else {
      throw ValidationError("aiond is not built beside this program; use tools/chaos")
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("aion-chaos-\(ProcessInfo.processInfo.processIdentifier)").path
    let duration = Duration.milliseconds(Int(minutes * 60_000))
    do {
      let rig = try ClusterRig(
        program: program, folder: folder, founders: nodes, heartbeat: .milliseconds(heartbeat),
        certificates: tls ? try DevelopmentCertificates(in: "\(folder)/certs") : nil)
      RigInterruption.close(rig)
      defer { rig.close() }
      try rig.startAll()
      let report = try await Chaos(clients: clients, duration: duration, seed: seed).run(on: rig)
      try save(report)
      print(summary(report))
      if report.violation != nil { throw ExitCode.failure }
    } catch let failure as RigFailure {
      print("seed \(seed): \(failure)\n\(repetition)")
      throw ExitCode.failure
    }
  }

  private var repetition: String {
    "repeat with tools/chaos --minutes \(minutes) --seed \(seed) --nodes \(nodes) "
      + "--clients \(clients)" + (tls ? " --tls" : "")
  }

  private func summary(_ report: Chaos.Report) -> String {
    let longest = report.silences.prefix(3).map { $0.formatted(.units(allowed: [.milliseconds])) }
    var lines = [
      "operations     \(report.operations), of them \(report.writes) acknowledged writes",
      "unknown        \(report.unknown)",
      "faults         \(report.faults.count)",
      "no write for   \(longest.joined(separator: ", ")) at most",
    ]
    if let violation = report.violation {
      lines += ["FAILED, seed \(seed)", violation, repetition]
    } else {
      lines.append("lost           0")
    }
    return lines.joined(separator: "\n")
  }

  private func save(_ report: Chaos.Report) throws {
    guard let history else { return }
    var text: [UInt8] = []
    for event in report.events {
      event.append(to: &text)
      text.append(UInt8(ascii: "\n"))
    }
    try Data(text).write(to: URL(fileURLWithPath: history))
  }
}
