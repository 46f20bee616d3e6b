import AionCluster
import AionLog
import AionModel
import AionNode
import AionRPC
import Logging

/// Who a process is when it starts: what its directory says, or how an empty one is to begin.
struct ServerStart {
  var identity: LogIdentity
  var beginning: NodeBeginning
  var peer: PeerIdentity
  var book: PeerBook

  init(_ configuration: ServerConfiguration, logger: Logger) async throws(ServerFault) {
    let own = try configuration.ownAddress()
    book = PeerBook(in: configuration.directory)
    if let written = try Self.identity(in: configuration.directory) {
      guard written.nodeName == configuration.name.name else {
        throw .directory(.otherNode(found: written.nodeName, expected: configuration.name.name))
      }
      identity = written
      // Says nothing of a directory that has begun.
      beginning = .join
    } else {
      (identity, beginning) = try await Self.begin(
        configuration, at: own, book: &book, logger: logger)
    }
    peer = PeerIdentity(
      replica: identity.replica, name: identity.nodeName, address: "\(own)")
    if case .founding(let members) = configuration.beginning {
      for member in members.identities() { _ = book.noteHearsay(member) }
    }
  }

  private static func identity(in directory: String) throws(ServerFault) -> LogIdentity? {
    do throws(NodeFault) {
      return try ReplicatedControlPlane.identity(at: directory)
    } catch {
      throw .directory(error)
    }
  }

  private static func begin(
    _ configuration: ServerConfiguration, at own: Address, book: inout PeerBook, logger: Logger
  ) async throws(ServerFault) -> (LogIdentity, NodeBeginning) {
    let name = configuration.name.name
    switch configuration.beginning {
    case .alone:
      let cluster = ClusterID(.random(in: 1...UInt128.max))
      return (LogIdentity(cluster: cluster, replica: 1, nodeName: name), .bootstrap([1]))
    case .founding(let members):
      let identities = members.identities()
      guard let own = identities.first(where: { $0.name == name }) else {
        throw .configuration("initial cluster: this process, \(name), is not in it")
      }
      return (
        LogIdentity(cluster: members.cluster(), replica: own.replica, nodeName: name),
        .bootstrap(identities.map(\.replica))
      )
    case .joining(let addresses):
      let admission = try await Admission.ask(
        configuration, at: addresses, from: own, logger: logger)
      for peer in admission.peers { _ = book.note(peer) }
      return (
        LogIdentity(cluster: admission.cluster, replica: admission.replica, nodeName: name), .join
      )
    }
  }

  func replicaConfiguration(_ configuration: ServerConfiguration) -> ReplicaConfiguration {
    ReplicaConfiguration(
      identity: identity, beginning: beginning, storage: configuration.storage,
      tick: configuration.tick, electionTicks: configuration.electionTicks,
      gathering: configuration.gathering)
  }
}

extension ServerConfiguration {
  /// Where others reach this process.
  fileprivate func ownAddress() throws(ServerFault) -> Address {
    if let advertise { return advertise }
    if case .founding(let members) = beginning,
      let own = members.first(where: { $0.name == name })
    {
      return own.address
    }
    if case .joining = beginning, listen.port == 0 {
      throw .configuration("a process that joins must know its port before: say where it listens")
    }
    return listen
  }
}
