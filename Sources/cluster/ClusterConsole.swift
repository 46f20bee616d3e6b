import AionServer
import ClusterRig
import Foundation

/// Reads commands and carries them out.
struct ClusterConsole {
  let rig: ClusterRig
  private var isTerminal: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

  init(rig: ClusterRig) { self.rig = rig }

  func run() async throws {
    let screen = isTerminal ? Screen(rig: rig) : nil
    let drawing = screen.map { screen in Task { await screen.drawUntilCancelled() } }
    defer {
      drawing?.cancel()
      screen?.leave()
    }
    screen?.enter()
    if isTerminal { say("look at it with\n  \(Self.connection(to: rig))") }
    for await line in Self.typedLines {
      let words = line.split(separator: " ").map(String.init)
      guard let command = words.first else { continue }
      if command == "quit" { return }
      do {
        try await carryOut(command, Array(words.dropFirst()))
      } catch let failure as RigFailure where isTerminal {
        say("\(failure)")
      }
    }
  }

  /// Read on a thread of its own, since reading blocks.
  private static var typedLines: AsyncStream<String> {
    let (lines, told) = AsyncStream<String>.makeStream()
    Thread.detachNewThread {
      while let line = readLine() { told.yield(line) }
      told.finish()
    }
    return lines
  }

  private func carryOut(_ command: String, _ arguments: [String]) async throws {
    let argument = arguments.first
    switch command {
    case "status": say(await StatusTable.text(of: rig))
    case "wait": try await waitUntilWhole()
    case "connect": say(Self.connection(to: rig))
    case "add": say("added n\(try rig.grow())")
    case "kill": try rig.kill(try number(argument))
    case "stop": say("ended with \(try rig.stop(try number(argument)))")
    case "restart": try rig.restart(try number(argument))
    case "pause": try rig.pause(try number(argument))
    case "resume": try rig.resume(try number(argument))
    case "remove": try await rig.remove(try number(argument))
    case "log": say(try rig.log(of: try number(argument)))
    default: try haveFail(command, arguments)
    }
  }

  /// What is around the nodes.
  private func haveFail(_ command: String, _ arguments: [String]) throws {
    let detail = arguments.dropFirst().first
    switch command {
    case "cut": try rig.isolate(try number(arguments.first), try Self.ways(detail ?? "both"))
    case "heal": try rig.heal()
    case "disk": try rig.setDisk(of: number(arguments.first), to: Self.condition(detail ?? ""))
    case "clock":
      guard let seconds = detail.flatMap({ Int($0) }), abs(seconds) < 4_000_000_000 else {
        throw RigFailure.refused("clock N SECONDS: by how much it is ahead, or behind with a -")
      }
      try rig.setClock(of: number(arguments.first), ahead: .seconds(seconds))
    default:
      throw RigFailure.refused(
        "'\(command)': there are status, wait, add, kill N, stop N, restart N, pause N, resume N, "
          + "remove N, log N, connect and quit; with --hostile cut N, heal, disk N and clock N too")
    }
  }

  private static func ways(_ text: String) throws -> LinkWays {
    switch text {
    case "both": .both
    case "out": .outgoing
    case "in": .incoming
    default: throw RigFailure.refused("cut N both, out (what it sends) or in (what it is sent)")
    }
  }

  private static func condition(_ text: String) throws -> DiskCondition {
    switch text {
    case "sound": .sound
    case "full": .full(after: 0)
    case "stalled": .stalled
    case "failing": .failingSyncs
    default: throw RigFailure.refused("disk N sound, full, stalled or failing")
    }
  }

  /// A command line to look at the group with.
  private static func connection(to rig: ClusterRig) -> String {
    let words = ["tools/aionctl", "status"] + rig.clientOptions
    return words.map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " ")
  }

  private func number(_ argument: String?) throws -> Int {
    let text = argument.map { $0.hasPrefix("n") ? String($0.dropFirst()) : $0 }
    guard let number = text.flatMap({ Int($0) }) else {
      throw RigFailure.refused("which node? Its number follows the command")
    }
    return number
  }

  /// Until someone leads and all that run are ready.
  private func waitUntilWhole() async throws {
    let running = rig.running.count
    try await rig.wait("a leader, and \(running) ready nodes") { pages in
      pages.count == running && pages.values.allSatisfy(\.isReady)
        && pages.values.contains { $0.role == "leader" }
    }
  }

  private func say(_ text: String) {
    FileHandle.standardOutput.write(Data((text.hasSuffix("\n") ? text : text + "\n").utf8))
  }
}
