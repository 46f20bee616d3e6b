import ClusterRig
import Foundation

/// What the leader does, and takes of the processor, while something goes on.
struct LeaderMeter {
  struct Load {
    /// Of one core, in percent.
    var processor: Double
    /// Heartbeats of agents that it heard in a second.
    var heartbeats: Double
  }

  let rig: ClusterRig

  /// - Throws: When another one leads afterwards: then there is no figure.
  func measure<Answer>(
    _ body: () async throws -> Answer
  ) async throws -> (Answer, Load) {
    let leader = try await rig.leader()
    let start = ContinuousClock.now
    let before = try await counts(of: leader)
    let answer = try await body()
    let after = try await counts(of: leader)
    let elapsed = (ContinuousClock.now - start).seconds
    guard try await rig.leader() == leader else {
      throw BenchmarkFailure("n\(leader) did not lead all the time; is the machine too busy?")
    }
    return (
      answer,
      Load(
        processor: (after.processor - before.processor) / elapsed * 100,
        heartbeats: (after.heartbeats - before.heartbeats) / elapsed)
    )
  }

  private func counts(of number: Int) async throws -> (processor: Double, heartbeats: Double) {
    guard let heard = await rig.metric("aion_nodes_heartbeats_total", of: number),
      let process = try rig.processIdentifier(of: number)
    else { throw BenchmarkFailure("n\(number) does not answer") }
    return (try ProcessorTime.used(by: process), heard)
  }
}
