public import AionModel
public import AionRPC

/// One of those that found a group: `name=host:port`.
public struct FoundingMember: Hashable, Sendable, CustomStringConvertible {
  public var name: NodeID
  public var address: Address

  public init(name: NodeID, address: Address) {
    self.name = name
    self.address = address
  }

  public var description: String { "\(name)=\(address)" }

  /// Reads `a=host:port,b=host:port,…`.
  ///
  /// - Throws: `ServerFault.configuration`, which names the part that is wrong.
  public static func list(_ text: String) throws(ServerFault) -> [FoundingMember] {
    var members: [FoundingMember] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, let name = try? NodeID(String(pair[0])),
        let address = Address(String(pair[1])), address.port > 0
      else {
        throw .configuration("initial cluster: '\(part)' is not name=host:port")
      }
      guard !members.contains(where: { $0.name == name }) else {
        throw .configuration("initial cluster: \(name) is named twice")
      }
      members.append(FoundingMember(name: name, address: address))
    }
    return members
  }
}

extension [FoundingMember] {
  /// In the order of names: what numbers are given by, alike on every member.
  private var inOrder: [FoundingMember] { sorted { $0.name.name < $1.name.name } }

  /// The numbers that the founders have.
  func identities() -> [PeerIdentity] {
    zip(1..., inOrder).map { number, member in
      PeerIdentity(
        replica: ReplicaID(UInt64(number)), name: member.name.name, address: "\(member.address)")
    }
  }

  /// What all founders call their cluster, without having asked one another: a hash (FNV-1a, 128
  /// bits) of who they are. Another list makes another cluster.
  func cluster() -> ClusterID {
    let text = inOrder.map(\.description).joined(separator: ",")
    var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
    for byte in text.utf8 {
      hash ^= UInt128(byte)
      hash &*= UInt128(1) << 88 | 0x13b
    }
    return ClusterID(hash)
  }
}
