import AionCluster
import AionModel
import AionPlacement
import AionRPC
import AionRaft
import Foundation

/// What `/status` shows, as JSON.
package struct StatusPage: Codable, Equatable {
  package struct Member: Codable, Equatable {
    package var replica: UInt64
    package var name: String?
    package var address: String?
    package var isVoter: Bool
    /// On the leader only: what it knows of the member.
    package var match: UInt64?
    package var lag: UInt64?
    package var isActive: Bool?
  }

  package var release: String
  package var cluster: String
  package var replica: UInt64
  package var name: String
  package var address: String
  package var role: String
  package var leader: UInt64?
  package var term: UInt64
  package var committed: UInt64
  package var applied: UInt64
  package var last: UInt64
  package var snapshot: UInt64
  package var catalogVersion: UInt64
  package var placementEpoch: UInt64
  package var health: String
  /// Bytes.
  package var usedSpace: Int?
  package var freeSpace: Int?
  package var isReady: Bool
  package var members: [Member]
  /// Nodes that have agents, by name; the first thousand.
  package var agents: [Agent]

  init(
    of plane: ReplicatedControlPlane, identity: PeerIdentity, book: PeerBook,
    table: LivenessTable?, isReady: Bool
  ) {
    let status = plane.status()
    let storage = status.storage
    release = Release.version
    cluster = "\(storage.clusterID)"
    replica = identity.replica.rawValue
    name = identity.name
    address = identity.address
    role = "\(status.role)"
    leader = status.leader?.rawValue
    term = storage.term.rawValue
    committed = storage.committedIndex.rawValue
    applied = storage.appliedIndex.rawValue
    last = storage.lastIndex.rawValue
    snapshot = storage.snapshotIndex.rawValue
    catalogVersion = storage.catalogVersion.rawValue
    placementEpoch = storage.placementEpoch.rawValue
    health = Self.text(storage.health)
    usedSpace = storage.disk?.used.bytes
    freeSpace = storage.disk?.free.bytes
    self.isReady = isReady
    let membership = status.membership
    members = membership.everyone
      .map { Member($0, status, $0 == identity.replica ? identity : book[$0]) }
    agents = Agent.all(of: plane.snapshot().nodes(), table)
  }

  private static func text(_ health: DurableStatus.Health) -> String {
    switch health {
    case .writable: "writable"
    case .diskFull: "disk full"
    case .readOnly(let reason): "read only: \(reason)"
    }
  }

  package var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Encoding strings and numbers does not fail.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) + "\n" } ?? "{}\n"
  }
}

extension StatusPage.Member {
  fileprivate init(_ id: ReplicaID, _ status: ReplicaStatus, _ peer: PeerIdentity?) {
    let progress = status.progress.first { $0.replica == id }
    let last = status.storage.lastIndex.rawValue
    replica = id.rawValue
    name = peer?.name
    address = peer?.address
    isVoter = status.membership.voters.contains(id)
    match = progress?.match.rawValue
    lag = progress.map { last - min(last, $0.match.rawValue) }
    isActive = progress?.isActive
  }
}
