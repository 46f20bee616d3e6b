import AionRPC
import Foundation

/// A node's process, seen from the one that started it.
final class NodeProcess {
  let node: NodeID
  private let process = Process()
  private let input = Pipe()

  init(_ node: NodeID, program: String, server: Address) throws {
    self.node = node
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["node", "--name", node.name, "--server", "\(server)"]
    process.standardInput = input
    try process.run()
  }

  var identifier: Int32 { process.processIdentifier }

  /// SIGKILL.
  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Has it take its leave; nothing, when it is dead.
  func close() {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
