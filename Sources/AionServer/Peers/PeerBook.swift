package import AionModel
import AionNode
package import AionRPC
import Foundation

/// Where the other replicas are. A hint and no more: whoever answers there says who it is.
///
/// Kept in the data directory, one line for each, so that a restarted process finds the others
/// though they have moved since the group was founded. When it is lost, the configuration and
/// those who dial tell it anew.
package struct PeerBook: Equatable, Sendable {
  static let fileName = "peers"
  /// Replicas that are remembered. Of further ones only those are that speak for themselves, in the
  /// place of the oldest.
  package static let limit = 64

  package private(set) var peers: [PeerIdentity] = []

  package init() {}

  /// What a replica says of itself; newest counts.
  ///
  /// - Returns: whether that is news.
  package mutating func note(_ peer: PeerIdentity) -> Bool {
    if let place = peers.firstIndex(where: { $0.replica == peer.replica }) {
      guard peers[place] != peer else { return false }
      peers[place] = peer
      return true
    }
    guard Address(peer.address) != nil else { return false }
    if peers.count >= Self.limit { peers.removeFirst() }
    return add(peer)
  }

  /// What others say of a replica; counts as long as it has not spoken for itself.
  package mutating func noteHearsay(_ peer: PeerIdentity) -> Bool {
    peers.contains { $0.replica == peer.replica } ? false : add(peer)
  }

  /// Forgets those that nobody needs any more, when there is no room for another.
  package mutating func makeRoom(keeping isNeeded: (ReplicaID) -> Bool) {
    if peers.count >= Self.limit { peers.removeAll { !isNeeded($0.replica) } }
  }

  private mutating func add(_ peer: PeerIdentity) -> Bool {
    guard peers.count < Self.limit, Address(peer.address) != nil else { return false }
    let place = peers.firstIndex { $0.replica > peer.replica } ?? peers.endIndex
    peers.insert(peer, at: place)
    return true
  }

  subscript(replica: ReplicaID) -> PeerIdentity? { peers.first { $0.replica == replica } }

  /// How they are called, for clients that are sent on.
  var names: [ReplicaID: PeerName] {
    var names: [ReplicaID: PeerName] = [:]
    for peer in peers {
      guard let node = try? NodeID(peer.name) else { continue }
      names[peer.replica] = PeerName(node: node, address: peer.address)
    }
    return names
  }
}

// MARK: - The file

extension PeerBook {
  var text: String {
    peers.map { "\($0.replica) \($0.address) \($0.name)\n" }.joined()
  }

  init(text: String) {
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ", maxSplits: 2)
      guard fields.count == 3, let number = UInt64(fields[0]), number > 0 else { continue }
      _ = note(
        PeerIdentity(
          replica: ReplicaID(number), name: String(fields[2]), address: String(fields[1])))
    }
  }

  /// The book of a data directory; empty when there is none.
  init(in directory: String) {
    let text = try? String(contentsOfFile: "\(directory)/\(Self.fileName)", encoding: .utf8)
    self.init(text: text ?? "")
  }

  /// Replaces the file in one step; what cannot be written is told anew after a restart.
  func save(in directory: String) {
    try? text.write(
      toFile: "\(directory)/\(Self.fileName)", atomically: true, encoding: .utf8)
  }
}
