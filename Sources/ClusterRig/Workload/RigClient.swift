import AionCatalog
import AionModel
import AionRPC

/// A client of its own session, used by one task: asks whoever leads, and goes where it is sent.
struct RigClient {
  private let addresses: [Address]
  private let name: String
  private var chance: SplitMix64
  private var connection: ClientConnection?
  private var place = 0
  private(set) var session: ClientSession?

  init(_ number: Int, of addresses: [Address], seed: UInt64) {
    self.addresses = addresses
    name = "client-\(number)"
    chance = SplitMix64(seed: seed)
    place = number % max(1, addresses.count)
  }

  /// Asks until there is an answer that is one.
  ///
  /// - Returns: nil when the time is over first.
  mutating func ask(
    until deadline: ContinuousClock.Instant, _ operation: (Self) -> Operation
  ) async -> OperationAnswer? {
    while ContinuousClock.now < deadline {
      if let answer = await attempt(operation(self)) { return answer }
      try? await Task.sleep(for: .milliseconds(Int.random(in: 5...40, using: &chance)))
    }
    return nil
  }

  /// Opens the session in which writes happen once.
  mutating func openSession(until deadline: ContinuousClock.Instant) async -> Bool {
    let answer = await ask(until: deadline) { _ in .propose(CommandBatch(.openSession)) }
    guard case .applied(let applied)? = answer, case .opened(let id)? = applied.outcomes.first
    else { return false }
    session = ClientSession(id: id)
    return true
  }

  mutating func beginWrite() -> SequenceNumber? { try? session?.begin() }

  mutating func endWrite(_ sequence: SequenceNumber) { session?.end(sequence) }

  /// nil: ask again, somewhere.
  private mutating func attempt(_ operation: Operation) async -> OperationAnswer? {
    guard let connection = await connected() else { return nil }
    do {
      let request = Request(operation.encoded(), timeout: .seconds(3))
      let answer = try OperationAnswer(decoding: try await connection.call(request))
      guard case .refused(let error) = answer else { return answer }
      switch ClientSession.retry(after: error) {
      case .never, .inNewSession: return answer
      case .again: return nil
      case .elsewhere:
        await move(after: error)
        return nil
      }
    } catch {
      await move(after: nil)
      return nil
    }
  }

  private mutating func connected() async -> ClientConnection? {
    if let connection, connection.isOpen { return connection }
    let address = addresses[place % addresses.count]
    connection = try? await ClientConnection.open(to: address, as: name)
    if connection == nil { place += 1 }
    return connection
  }

  private mutating func move(after error: ClusterError?) async {
    connection?.close()
    connection = nil
    if case .notLeader(_, let address?)? = error,
      let told = Address(address), let known = addresses.firstIndex(of: told)
    {
      place = known
    } else {
      place += 1
    }
  }
}
