import AionRPC
import AionServer
import ClusterRig
import Foundation
import Synchronization

/// How long a group does without a leader after SIGKILL, and how long its clients without a write.
struct FailoverClock {
  let rig: ClusterRig
  let record: BenchmarkRecord

  struct Figures {
    /// Until another replica says that it leads, in milliseconds.
    var withoutLeader: Double
    /// The longest time in which no client was told of a write, in milliseconds.
    var withoutWrite: Double
  }

  /// Kills the leader while 16 clients write; starts it again afterwards, and waits until all are
  /// whole and connected: one failure is measured, not two in a row.
  func run() async throws -> Figures {
    let leader = try await rig.leader()
    let silences = LongestSilence()
    let writers = (0..<16).map { number in
      Task {
        let plane = RemoteControlPlane(
          RemoteConfiguration(
            addresses: rig.addresses, name: "bench-\(number)", seed: UInt64(number)))
        while !Task.isCancelled {
          try await record.write(to: plane)
          silences.end()
        }
        await plane.close()
      }
    }
    while silences.count < 1_000 { await Task.yield() }
    silences.begin()
    let killed = ContinuousClock.now
    try rig.kill(leader)
    _ = try await rig.leader(otherThan: leader, lookingEach: .milliseconds(2))
    let elected = ContinuousClock.now - killed
    let before = silences.count
    while silences.count < before + 1_000 { await Task.yield() }
    for writer in writers { writer.cancel() }
    for writer in writers { _ = await writer.result }
    try rig.start(leader)
    let count = rig.numbers.count
    try await rig.wait("all \(count) have caught up") { pages in
      let follow = pages.values.filter { $0.isReady && $0.leader != nil }
      let leading = follow.first { $0.role == "leader" }
      return follow.count == count
        && leading?.members.allSatisfy { $0.isActive != false && ($0.lag ?? 0) == 0 } == true
    }
    return Figures(
      withoutLeader: elected.seconds * 1_000, withoutWrite: silences.longest.seconds * 1_000)
  }
}

/// The longest time between two ends of writes, from `begin` on.
private final class LongestSilence: Sendable {
  private struct State {
    var count = 0
    var last = ContinuousClock.now
    var longest = Duration.zero
  }

  private let state = Mutex(State())

  var count: Int { state.withLock(\.count) }

  var longest: Duration { state.withLock(\.longest) }

  func begin() {
    state.withLock { state in
      state.last = .now
      state.longest = .zero
    }
  }

  func end() {
    state.withLock { state in
      let now = ContinuousClock.now
      state.longest = max(state.longest, now - state.last)
      state.last = now
      state.count += 1
    }
  }
}
