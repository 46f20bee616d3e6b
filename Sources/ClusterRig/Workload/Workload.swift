import AionCatalog
import AionHistory
import AionModel
package import AionRPC

/// Clients that write and read registers by way of the shipped client: each write exactly once.
///
/// A register is a role and its value the role's connection limit. Each fourth client only reads,
/// so that no write keeps it from asking a replica that should not answer any more; clients are
/// given the replicas in different orders, so that some ask each.
package struct Workload: Sendable {
  var clients: Int
  var registers: Int
  var seed: UInt64
  /// Operations that a client does at most in a second; so that judging them does not take longer
  /// than doing them.
  var pace: Int

  package init(clients: Int, registers: Int = 32, seed: UInt64, pace: Int = 40) {
    self.clients = clients
    self.registers = registers
    self.seed = seed
    self.pace = pace
  }

  /// Runs until the recorder is closed; what is under way then gets a while to be answered.
  ///
  /// - Parameter group: How the clients reach it.
  package func run(against group: RemoteConfiguration, into recorder: Recorder) async {
    await withTaskGroup(of: Void.self) { tasks in
      for number in 0..<clients {
        tasks.addTask { await run(number, against: group, recorder) }
      }
    }
  }

  private func run(
    _ number: Int, against group: RemoteConfiguration, _ recorder: Recorder
  ) async {
    var chance = SplitMix64(seed: seed &+ UInt64(number))
    var configuration = group
    configuration.name = "client-\(number)"
    configuration.seed = chance.next()
    configuration.timeout = .seconds(60)
    let first = number % max(1, group.addresses.count)
    configuration.addresses = Array(group.addresses[first...] + group.addresses[..<first])
    let plane = RemoteControlPlane(configuration)
    var written: UInt32 = 0
    while !recorder.isClosed, !Task.isCancelled {
      let next = ContinuousClock.now + .milliseconds(1_000 / pace)
      let key = "r\(Int.random(in: 0..<registers, using: &chance))"
      if number % 4 != 3, Int.random(in: 0..<3, using: &chance) < 2 {
        written += 1
        let value = UInt32(number) << 20 | written
        guard await write(value, to: key, by: plane, number, recorder) else { break }
      } else {
        guard await read(key, by: plane, number, recorder) else { break }
      }
      try? await Task.sleep(until: next, clock: .continuous)
    }
    await plane.close()
  }

  /// - Returns: false when its outcome could not be learned.
  private func write(
    _ value: UInt32, to key: String, by plane: RemoteControlPlane, _ number: Int,
    _ recorder: Recorder
  ) async -> Bool {
    let role = ClusterRoleDescriptor(name: key, connectionLimit: value)
    recorder.record(number, .invoke(.number(Int64(value))), "write", of: key)
    do throws(ClusterError) {
      let applied = try await plane.propose(CommandBatch(.upsertRole(role)))
      recorder.record(number, .ok(.nothing), "write", of: key, at: applied.index)
      return true
    } catch {
      recorder.record(number, unknown: "write", of: key, because: error)
      return false
    }
  }

  private func read(
    _ key: String, by plane: RemoteControlPlane, _ number: Int, _ recorder: Recorder
  ) async -> Bool {
    recorder.record(number, .invoke(.nothing), "read", of: key)
    do throws(ClusterError) {
      let found = try await plane.answer(to: .roleNamed(key))
      let value = found.roles.first?.connectionLimit.map { HistoryValue.number(Int64($0)) }
      recorder.record(number, .ok(value ?? .nothing), "read", of: key, at: found.index)
      return true
    } catch {
      recorder.record(number, unknown: "read", of: key, because: error)
      return false
    }
  }
}
