import ArgumentParser
import ClusterRig
import Foundation

/// A group of processes on this machine, for looking at and for scripts.
@main
struct Cluster: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "Runs a group of aiond on loopback; kills and restarts them as it is told.",
    discussion: """
      Commands are read from standard input, one a line: status, kill N, stop N, restart N, \
      pause N, resume N, add, remove N, wait, log N, connect, quit. connect says how aionctl \
      reaches it. At a terminal the nodes are shown live. With --hostile also: cut N both|out|in \
      parts a node from the others, heal ends that; disk N sound|full|stalled|failing; clock N \
      SECONDS sets a wall clock ahead. \
      From a pipe each command is carried out before the next is read, and one that fails ends it \
      with 1. It kills what it started and removes what they wrote.
      """)

  @Option(help: "Processes that found the group.")
  var nodes = 3

  @Option(help: "Milliseconds between heartbeats.")
  var heartbeat = 100

  @Option(help: "Where the nodes keep their files (default: a new folder below the temporary one).")
  var directory: String?

  @Flag(help: "Have a proxy and a library around each node, so that networks and disks can fail.")
  var hostile = false

  @Flag(help: "With certificates, made by aionctl for these nodes: everything goes over TLS.")
  var tls = false

  func validate() throws {
    guard (1...7).contains(nodes) else { throw ValidationError("--nodes: 1 to 7") }
    guard heartbeat >= 5 else { throw ValidationError("--heartbeat: at least 5") }
  }

  func run() async throws {
    guard let program = ProgramPath.find("aiond") else {
      throw ValidationError("aiond is not built beside this program; use tools/cluster")
    }
    let parent = directory ?? FileManager.default.temporaryDirectory.path
    let folder = "\(parent)/aion-cluster-\(ProcessInfo.processInfo.processIdentifier)"
    do {
      let rig = try ClusterRig(
        program: program, folder: folder, founders: nodes, heartbeat: .milliseconds(heartbeat),
        certificates: tls ? try DevelopmentCertificates(in: "\(folder)/certs") : nil,
        hostility: hostile ? [.network, .system] : [])
      RigInterruption.close(rig)
      defer { rig.close() }
      try rig.startAll()
      _ = try await rig.leader()
      try await ClusterConsole(rig: rig).run()
    } catch let failure as RigFailure {
      FileHandle.standardError.write(Data("cluster: \(failure)\n".utf8))
      throw ExitCode.failure
    }
  }
}
