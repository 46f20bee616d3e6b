import AionRPC
import ArgumentParser
import Foundation

/// One node: follows the catalog, executes fragments, and has itself kept live.
struct NodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "node", abstract: "Be one of the nodes; ends when standard input does.")

  @Option(help: "The node's name.")
  var name: String

  @Option(help: "host:port of the control plane.")
  var server: String

  func run() async throws {
    guard let address = Address(server) else { throw ValidationError("--server: host:port") }
    let node = try NodeID(name)
    let remote = RemoteControlPlane(
      RemoteConfiguration(addresses: [address], name: name, seed: .random(in: 0...UInt64.max)))
    let plane = try await CachedControlPlane.start(remote)
    let executing = try await FragmentServer.start(
      FragmentServer.Setup(
        node: node, cluster: try await remote.status().cluster,
        address: Address(host: "127.0.0.1", port: 0)),
      catalog: plane, handler: OrderEngine())
    // Last of all: whoever finds the node in the catalog may send fragments.
    let agent = try await NodeAgent.start(
      NodeAgent.Configuration(node: node, rpcEndpoint: "\(executing.address)"), on: remote)
    await untilInputEnds()
    await agent.stop(.goodbye)
    await executing.close(grace: .seconds(1))
    await remote.close()
  }

  private func untilInputEnds() async {
    await withCheckedContinuation { (ended: CheckedContinuation<Void, Never>) in
      Thread.detachNewThread {
        while let line = readLine() { _ = line }
        ended.resume()
      }
    }
  }
}
