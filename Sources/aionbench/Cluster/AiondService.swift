import AionModel
import AionRPC
import ClusterRig
import Foundation
import Synchronization

/// Three `aiond` on loopback, asked by the shipped client: one session for each connection.
struct AiondService: MeasuredService {
  let name = "aiond"
  let rig: ClusterRig
  let record: BenchmarkRecord

  var processes: [Int32] { rig.processIdentifiers }

  func run(
    _ request: ServiceRequest, by clients: ClientNumbers, for seconds: Int
  ) async throws -> ServiceFigures {
    let planes = (0..<clients.connections).map { number in
      RemoteControlPlane(
        RemoteConfiguration(
          addresses: rig.addresses, name: "bench-\(number)", seed: UInt64(number)))
    }
    let start = Mutex<ContinuousClock.Instant?>(nil)
    let record = record
    let latencies = try await withThrowingTaskGroup(of: [UInt32].self) { group in
      // Connections and sessions are there before the time begins, as with the other service.
      for plane in planes {
        group.addTask {
          try await record.write(to: plane); return []
        }
      }
      try await group.waitForAll()
      let deadline = ContinuousClock.now + .seconds(seconds)
      start.withLock { $0 = deadline - .seconds(seconds) }
      for number in 0..<clients.tasks {
        let plane = planes[number % planes.count]
        group.addTask { try await Self.ask(plane, record, request, until: deadline) }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    let elapsed = start.withLock { $0.map { ContinuousClock.now - $0 } } ?? .seconds(seconds)
    await withTaskGroup { group in
      for plane in planes { group.addTask { await plane.close() } }
    }
    return ServiceFigures(latencies: latencies, in: elapsed.seconds)
  }

  private static func ask(
    _ plane: RemoteControlPlane, _ record: BenchmarkRecord, _ request: ServiceRequest,
    until deadline: ContinuousClock.Instant
  ) async throws -> [UInt32] {
    var latencies: [UInt32] = []
    var before = ContinuousClock.now
    while before < deadline {
      switch request {
      case .write: try await record.write(to: plane)
      case .read: try await record.read(from: plane)
      }
      let after = ContinuousClock.now
      latencies.append(UInt32(clamping: Int((after - before).seconds * 1_000_000)))
      before = after
    }
    return latencies
  }
}

/// The record that is written and read: a role with a limit, under one name.
struct BenchmarkRecord {
  let role = ClusterRoleDescriptor(name: "benchmark-role-0001", connectionLimit: 1_000)

  /// What its command takes in the log; the other service gets as much.
  var bytes: [UInt8] { CommandBatch(.upsertRole(role)).encoded() }

  func write(to plane: RemoteControlPlane) async throws {
    _ = try await plane.propose(CommandBatch(.upsertRole(role)))
  }

  func read(from plane: RemoteControlPlane) async throws {
    guard try await !plane.answer(to: .roleNamed(role.name)).roles.isEmpty else {
      throw BenchmarkFailure("aiond does not know the role that was written")
    }
  }
}
