package import AionRPC
import Foundation
import Synchronization

/// Processes of the service on this machine, each in a folder of its own: started, killed, asked.
///
/// Nodes go by numbers from 1 up. `close` kills all of them and removes what they wrote.
public final class ClusterRig: Sendable {
  /// Where everything is.
  public let folder: String
  private struct State {
    var nodes: [RigNode] = []
    /// How many there have been.
    var count = 0
    /// `name=address` of each founder, there still or not.
    var founding: [String] = []
  }

  private let program: String
  private let heartbeat: Duration
  private let options: [String]
  private let settings: [String: String]
  private let state = Mutex(State())
  private let founders: Int
  private let certificates: DevelopmentCertificates?
  /// What this process shows: an admin's.
  private let clientFiles: TLSFiles?
  /// nil: nodes reach each other without it, and it cannot be cut.
  let network: RigNetwork?
  private let isSystemHostile: Bool

  /// - Parameters:
  ///   - program: The path of `aiond`.
  ///   - folder: Made, and removed by `close`.
  ///   - options: What each `aiond` is told beside what a node needs.
  ///   - settings: The same, as variables of its environment.
  ///   - certificates: Where the nodes have theirs from; nil: they go without TLS.
  ///   - hostility: What shall be able to fail around the nodes, beside themselves.
  public init(
    program: String, folder: String, founders: Int, heartbeat: Duration = .milliseconds(100),
    options: [String] = [], settings: [String: String] = [:],
    certificates: DevelopmentCertificates? = nil, hostility: Hostility = []
  ) throws(RigFailure) {
    self.program = program
    self.folder = folder
    self.founders = founders
    self.heartbeat = heartbeat
    self.options = options
    self.settings = settings
    self.certificates = certificates
    clientFiles = try certificates?.client("operator", .admin)
    isSystemHostile = hostility.contains(.system)
    network = hostility.contains(.network) ? try RigNetwork() : nil
    for _ in 0..<founders {
      let node = try addNode()
      state.withLock { $0.founding.append("\(node.name)=\(node.address)") }
    }
  }

  /// Whether everything goes over TLS.
  var hasCertificates: Bool { certificates != nil }

  /// How this process shows who it is.
  var security: TransportSecurity { clientFiles.map { .tls($0) } ?? .plaintext() }

  private func addNode() throws(RigFailure) -> RigNode {
    let ports = try FreePorts.take(3)
    let number = state.withLock { state in
      state.count += 1
      return state.count
    }
    try network?.open(ports[2], for: number, at: ports[0])
    let node = try RigNode(
      number: number,
      ports: RigNode.Ports(
        own: ports[0], pages: ports[1], advertised: network == nil ? ports[0] : ports[2]),
      folder: "\(folder)/n\(number)",
      program: program, settings: settings, tls: certificates?.replica("n\(number)"),
      isSystemHostile: isSystemHostile)
    state.withLock { $0.nodes.append(node) }
    return node
  }

  /// The numbers of all nodes, running or not.
  public var numbers: [Int] { state.withLock { $0.nodes.map(\.number) } }

  /// The numbers of those that run.
  public var running: [Int] { state.withLock { $0.nodes.filter(\.isRunning).map(\.number) } }

  /// Where the replicas are reached.
  package var addresses: [Address] { state.withLock { $0.nodes.map(\.address) } }

  /// How a client of this process reaches the group: as an admin.
  package var client: RemoteConfiguration {
    var configuration = RemoteConfiguration(
      addresses: addresses, name: "rig", seed: .random(in: 0...UInt64.max))
    configuration.security = security
    // Members come and go faster here than they do elsewhere.
    configuration.discoveryInterval = .milliseconds(250)
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
    let found = state.withLock { $0.nodes.first { $0.number == number } }
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
    arguments += isFounder(number) ? founding : joining(number)
    do { try node.start(arguments) } catch { throw .system("cannot start \(program): \(error)") }
    network?.note(node.processIdentifier, of: number)
  }

  /// Whether a node whose directory is empty takes itself for a founder of the group.
  ///
  /// One that founded it alone would found another: once there are others, it is to join them.
  func isFounder(_ number: Int) -> Bool {
    number <= founders && (founders > 1 || !running.contains { $0 != number })
  }

  private var founding: [String] {
    let members = state.withLock { $0.founding.joined(separator: ",") }
    return founders > 1 ? ["--initial-cluster", members] : []
  }

  private func joining(_ number: Int) -> [String] {
    let others = state.withLock { $0.nodes.filter { $0.number != number && $0.isRunning } }
    return ["--join", others.prefix(16).map { "\($0.address)" }.joined(separator: ",")]
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

  /// SIGHUP: it reads its certificates and tokens again.
  public func hangUp(_ number: Int) throws(RigFailure) { try node(number).send(SIGHUP) }

  /// SIGCONT.
  public func resume(_ number: Int) throws(RigFailure) { try node(number).send(SIGCONT) }

  /// Removes what a node has written; it does not run.
  public func wipe(_ number: Int) throws(RigFailure) {
    try? FileManager.default.removeItem(atPath: try node(number).data)
  }

  /// Ends a node that is no member any more, and forgets it.
  public func retire(_ number: Int) throws(RigFailure) {
    try kill(number)
    try? FileManager.default.removeItem(atPath: try node(number).folder)
    state.withLock { $0.nodes.removeAll { $0.number == number } }
  }

  /// What a process ended with, once it has.
  public func exitStatus(of number: Int) throws(RigFailure) -> Int32? { try node(number).wait() }

  /// The newest lines that a node logged.
  public func log(of number: Int) throws(RigFailure) -> String { try node(number).log() }

  /// Kills all and removes everything.
  public func close() {
    let nodes = state.withLock { $0.nodes }
    for node in nodes { node.send(SIGKILL) }
    for node in nodes { node.wait() }
    network?.shut()
    try? FileManager.default.removeItem(atPath: folder)
  }
}

extension Duration {
  fileprivate var milliseconds: Int64 {
    components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
  }
}
