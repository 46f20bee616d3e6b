import AionModel
package import AionRPC
package import AionServer
import Foundation
import Synchronization

/// Processes of the service on this machine, each in a folder of its own: started, killed, asked.
///
/// Nodes go by numbers from 1 up. `close` kills all of them and removes what they wrote.
public final class ClusterRig: Sendable {
  /// Where everything is.
  public let folder: String
  private let program: String
  private let heartbeat: Duration
  private let options: [String]
  private let settings: [String: String]
  private let state = Mutex<[RigNode]>([])
  private let founders: Int
  private let certificates: DevelopmentCertificates?
  /// What this process shows: an admin's.
  private let clientFiles: TLSFiles?

  /// - Parameters:
  ///   - program: The path of `aiond`.
  ///   - folder: Made, and removed by `close`.
  ///   - options: What each `aiond` is told beside what a node needs.
  ///   - settings: The same, as variables of its environment.
  ///   - certificates: Where the nodes have theirs from; nil: they go without TLS.
  public init(
    program: String, folder: String, founders: Int, heartbeat: Duration = .milliseconds(100),
    options: [String] = [], settings: [String: String] = [:],
    certificates: DevelopmentCertificates? = nil
  ) throws(RigFailure) {
    self.program = program
    self.folder = folder
    self.founders = founders
    self.heartbeat = heartbeat
    self.options = options
    self.settings = settings
    self.certificates = certificates
    clientFiles = try certificates?.client("operator", .admin)
    for _ in 0..<founders { _ = try addNode() }
  }

  private func addNode() throws(RigFailure) -> RigNode {
    let ports = try FreePorts.take(2)
    let number = numbers.count + 1
    let node = RigNode(
      number: number, ports: (ports[0], ports[1]), folder: "\(folder)/n\(number)",
      program: program, settings: settings, tls: try certificates?.replica("n\(number)"))
    state.withLock { $0.append(node) }
    return node
  }

  /// The numbers of all nodes, running or not.
  public var numbers: [Int] { state.withLock { $0.map(\.number) } }

  /// The numbers of those that run.
  public var running: [Int] { state.withLock { $0.filter(\.isRunning).map(\.number) } }

  /// Where the replicas listen.
  package var addresses: [Address] {
    state.withLock { $0.map { Address(host: "127.0.0.1", port: $0.port) } }
  }

  /// How a client of this process reaches the group: as an admin.
  package var client: RemoteConfiguration {
    var configuration = RemoteConfiguration(
      addresses: addresses, name: "rig", seed: .random(in: 0...UInt64.max))
    if let clientFiles { configuration.security = .tls(clientFiles) }
    return configuration
  }

  /// What `aionctl` is told to reach the group.
  public var clientOptions: [String] {
    let servers = addresses.flatMap { ["-s", "\($0)"] }
    guard let files = clientFiles, let identity = files.identity else { return servers }
    return servers + [
      "--certificate", identity.certificate, "--key", identity.key, "--authority", files.authority,
    ]
  }

  func node(_ number: Int) throws(RigFailure) -> RigNode {
    let found = state.withLock { $0.first { $0.number == number } }
    guard let found else { throw .noSuchNode(number) }
    return found
  }
}

// MARK: - Starting and ending

extension ClusterRig {
  /// Starts the founders.
  public func startAll() throws(RigFailure) {
    for number in 1...founders { try start(number) }
  }

  /// Starts a node, in the folder as it is.
  public func start(_ number: Int) throws(RigFailure) {
    let node = try node(number)
    var arguments = ["--heartbeat", "\(heartbeat.milliseconds)ms"] + options
    if number <= founders {
      let members = state.withLock { $0.prefix(founders).map { "\($0.name)=\($0.address)" } }
      if founders > 1 { arguments += ["--initial-cluster", members.joined(separator: ",")] }
    } else {
      let others = state.withLock { $0.filter { $0.number != number }.map(\.address) }
      arguments += ["--join", others.prefix(16).joined(separator: ",")]
    }
    do { try node.start(arguments) } catch { throw .system("cannot start \(program): \(error)") }
  }

  /// Starts a node again; one that runs is killed first.
  public func restart(_ number: Int) throws(RigFailure) {
    try kill(number)
    try start(number)
  }

  /// Starts a process more, which joins.
  public func grow() throws(RigFailure) -> Int {
    let node = try addNode()
    try start(node.number)
    return node.number
  }

  /// SIGKILL.
  public func kill(_ number: Int) throws(RigFailure) {
    let node = try node(number)
    node.send(SIGKILL)
    node.wait()
  }

  /// SIGTERM, and waits.
  ///
  /// - Returns: What it ended with.
  @discardableResult
  public func stop(_ number: Int) throws(RigFailure) -> Int32 {
    let node = try node(number)
    node.send(SIGTERM)
    return node.wait() ?? 0
  }

  /// SIGSTOP: it hangs from then on.
  public func pause(_ number: Int) throws(RigFailure) { try node(number).pause() }

  /// SIGCONT.
  public func resume(_ number: Int) throws(RigFailure) { try node(number).send(SIGCONT) }

  /// Removes what a node has written; it does not run.
  public func wipe(_ number: Int) throws(RigFailure) {
    try? FileManager.default.removeItem(atPath: try node(number).data)
  }

  /// What a process ended with, once it has.
  public func exitStatus(of number: Int) throws(RigFailure) -> Int32? { try node(number).wait() }

  /// The newest lines that a node logged.
  public func log(of number: Int) throws(RigFailure) -> String { try node(number).log() }

  /// Kills all and removes everything.
  public func close() {
    let nodes = state.withLock { $0 }
    for node in nodes { node.send(SIGKILL) }
    for node in nodes { node.wait() }
    try? FileManager.default.removeItem(atPath: folder)
  }
}

// MARK: - Asking

extension ClusterRig {
  /// What a node's page shows; nil when it does not answer.
  public func page(_ path: String, of number: Int) async -> (status: Int, text: String)? {
    guard let node = try? node(number), node.isRunning else { return nil }
    return await PageFetch.get(path, port: node.pagePort)
  }

  /// The port of loopback at which a node shows its pages.
  package func pagePort(of number: Int) throws(RigFailure) -> Int { try node(number).pagePort }

  package func status(of number: Int) async -> StatusPage? {
    guard let page = await page("/status", of: number), page.status == 200 else { return nil }
    return try? JSONDecoder().decode(StatusPage.self, from: Data(page.text.utf8))
  }

  /// The node that leads, once one does whom a majority of those that run follow.
  public func leader(
    otherThan old: Int? = nil, patience: Duration = .seconds(60),
    lookingEach pause: Duration = .milliseconds(50)
  ) async throws(RigFailure) -> Int {
    let pages = try await wait("a leader", patience, lookingEach: pause) { pages in
      pages.contains { $0.value.role == "leader" && $0.value.isReady && $0.key != old }
    }
    let leading = pages.filter { $0.value.role == "leader" && $0.key != old }
    guard let newest = leading.max(by: { $0.value.term < $1.value.term }) else {
      throw .impatient("a leader", seen: "none")
    }
    return newest.key
  }

  /// Waits until the pages of the nodes that run are as they should be.
  @discardableResult
  package func wait(
    _ what: String, _ patience: Duration = .seconds(60),
    lookingEach pause: Duration = .milliseconds(50), until isMet: ([Int: StatusPage]) -> Bool
  ) async throws(RigFailure) -> [Int: StatusPage] {
    let deadline = ContinuousClock.now + patience
    while true {
      var pages: [Int: StatusPage] = [:]
      for number in running { pages[number] = await status(of: number) }
      if isMet(pages) { return pages }
      guard ContinuousClock.now < deadline, !Task.isCancelled else {
        throw .impatient(what, seen: await lastSeen(pages))
      }
      try? await Task.sleep(for: pause)
    }
  }

  private func lastSeen(_ pages: [Int: StatusPage]) async -> String {
    let shown = pages.sorted { $0.key < $1.key }.map { number, page in
      "n\(number) \(page.role) of \(page.leader.map(String.init) ?? "none") term \(page.term) "
        + "applied \(page.applied) members \(page.members.map(\.replica)) ready \(page.isReady)"
    }
    let logs = numbers.compactMap { number in try? "n\(number):\n\(node(number).log(lines: 5))" }
    return (shown + logs).joined(separator: "\n")
  }

  /// Takes a node out of the group; its process goes on until it is stopped.
  public func remove(_ number: Int) async throws(RigFailure) {
    guard let page = await status(of: running.first ?? number),
      let member = page.members.first(where: { $0.name == "n\(number)" })
    else { throw .noSuchNode(number) }
    let group = RemoteControlPlane(client)
    let outcome = await removal(of: ReplicaID(member.replica), by: group)
    await group.close()
    if let outcome { throw .refused(outcome.message) }
  }

  /// A change that is under way has to end first.
  ///
  /// - Returns: Why it cannot be removed.
  private func removal(
    of replica: ReplicaID, by group: RemoteControlPlane
  ) async -> ClusterError? {
    var last = ClusterError.cancelled
    for _ in 0..<100 where !Task.isCancelled {
      do throws(ClusterError) {
        let status = try await group.status()
        guard status.members.contains(where: { $0.peer.replica == replica }) else { return nil }
        try await group.manage(.remove(replica))
        return nil
      } catch {
        last = error
        switch error {
        case .membershipRefused(.changeInProgress), .membershipRefused(.isJoint), .busy,
          .outcomeUnknown, .notLeader, .unreachable:
          break
        default: return error
        }
      }
      try? await Task.sleep(for: .milliseconds(100))
    }
    return last
  }
}

extension Duration {
  fileprivate var milliseconds: Int64 {
    components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
  }
}
