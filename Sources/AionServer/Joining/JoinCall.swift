import AionModel
import AionRPC

/// Asks the leader of a group, of which some addresses are known, to be taken in; goes where it is
/// sent.
struct JoinCall {
  let security: TransportSecurity
  let limits: ConnectionLimits
  let name: String
  let token: String?

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
          to: address, as: name, token: token, security: security, limits: limits)
        defer { connection.close() }
        let response = try await answer(to: request, over: connection)
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

  private func answer(
    to request: JoinRequest, over connection: ClientConnection
  ) async throws -> JoinResponse {
    let payload: [UInt8]
    do throws(RequestFailure) {
      payload = try await connection.call(Request(request.encoded(), timeout: .seconds(10)))
    } catch {
      // Asking again would not change what this process may.
      guard case .forbidden = error else { throw error }
      return .refused(reason: "\(error)")
    }
    return try JoinResponse(decoding: payload)
  }
}
