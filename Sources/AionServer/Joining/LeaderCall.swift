package import AionModel
package import AionRPC

/// Asks the leader of a group, of which some addresses are known, and goes where it is sent.
package struct LeaderCall {
  let security: TransportSecurity
  let limits: ConnectionLimits
  let name: String

  package init(
    security: TransportSecurity, limits: ConnectionLimits = ConnectionLimits(), name: String
  ) {
    self.security = security
    self.limits = limits
    self.name = name
  }

  /// What came of it.
  package struct Outcome {
    package var response: MemberResponse
    /// What the replica that answered said of itself and others.
    package var welcome: Welcome
  }

  /// Asks at each address in turn, until one answers for itself.
  ///
  /// - Parameter cluster: The cluster that it must be; nil takes any.
  /// - Returns: nil when nobody did; `complaint` then says why.
  package func ask(
    _ request: MemberRequest, at addresses: [Address], of cluster: ClusterID? = nil,
    complaint: inout String
  ) async -> Outcome? {
    var open = addresses
    var asked: Set<Address> = []
    while let address = open.first {
      open.removeFirst()
      guard asked.insert(address).inserted, asked.count <= 16 else { continue }
      do {
        let connection = try await ClientConnection.open(
          to: address, cluster: cluster, as: name, security: security, limits: limits)
        defer { connection.close() }
        let payload = try await connection.call(
          Request(request.encoded(), timeout: .seconds(10)))
        let response = try MemberResponse(decoding: payload)
        guard case .elsewhere(let address) = response else {
          return Outcome(response: response, welcome: connection.welcome)
        }
        complaint = "no leader is known"
        let others = connection.welcome.peers.compactMap { Address($0.address) }
        open = [address.flatMap { Address($0) }].compactMap { $0 } + open + others
      } catch {
        complaint = "\(address): \(error)"
      }
    }
    return nil
  }
}
