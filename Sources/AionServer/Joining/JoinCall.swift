import AionModel
import AionRPC

/// Asks the leader of a group, of which some addresses are known, to be taken in; goes where it is
/// sent.
struct JoinCall {
  let security: TransportSecurity
  let limits: ConnectionLimits
  let name: String

  /// What came of it.
  struct Outcome {
    var response: JoinResponse
    /// What the replica that answered said of itself and others.
    var welcome: Welcome
  }

  /// Asks at each address in turn, until one answers for itself.
  ///
  /// - Returns: nil when nobody did; `complaint` then says why.
  func ask(
    _ request: JoinRequest, at addresses: [Address], complaint: inout String
  ) async -> Outcome? {
    var open = addresses
    var asked: Set<Address> = []
    while let address = open.first {
      open.removeFirst()
      guard asked.insert(address).inserted, asked.count <= 16 else { continue }
      do {
        let connection = try await ClientConnection.open(
          to: address, as: name, security: security, limits: limits)
        defer { connection.close() }
        let payload = try await connection.call(
          Request(request.encoded(), timeout: .seconds(10)))
        let response = try JoinResponse(decoding: payload)
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
