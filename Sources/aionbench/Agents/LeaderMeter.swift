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

/// What the system says that processes have had of the processor.
enum ProcessorTime {
  /// In seconds, its own and the kernel's for it (proc(5): `utime` and `stime`).
  static func used(by process: Int32) throws -> Double {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      // The second field is the program's name, in brackets, and may hold anything.
      let bracket = text.lastIndex(of: ")")
    else { throw BenchmarkFailure("/proc says nothing of process \(process)") }
    let fields = text[text.index(after: bracket)...].split(separator: " ")
    guard fields.count > 12, let own = Double(fields[11]), let kernel = Double(fields[12]) else {
      throw BenchmarkFailure("/proc/\(process)/stat is not understood")
    }
    return (own + kernel) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
