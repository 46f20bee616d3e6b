import AionModel
import AionRPC
import ClusterRig
import Foundation

/// Three `etcd` on loopback, asked over gRPC by `h2load`, a load generator in C: as many requests
/// at a time as there are clients, spread over as many connections as they share.
///
/// A gRPC call is an HTTP/2 POST of one framed message, so that a fixed request needs no gRPC
/// library. As such a generator reads no messages, the store's revision is asked for afterwards:
/// it must have grown by as much as was answered.
final class EtcdService: MeasuredService {
  let name = "etcd"
  private let folder: String
  private let record: BenchmarkRecord
  private let members: [Process]
  private let endpoints: [String]

  /// Starts them, and waits until they serve.
  init(in folder: String, record: BenchmarkRecord) throws {
    self.folder = folder
    self.record = record
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let ports = try FreePorts.take(6)
    endpoints = ports.prefix(3).map { "http://127.0.0.1:\($0)" }
    let peers = ports.suffix(3).map { "http://127.0.0.1:\($0)" }
    let group = peers.enumerated().map { "n\($0.offset)=\($0.element)" }.joined(separator: ",")
    var started: [Process] = []
    for (number, (endpoint, peer)) in zip(endpoints, peers).enumerated() {
      started.append(
        try Self.start(
          "etcd",
          [
            "--name", "n\(number)", "--data-dir", "\(folder)/n\(number)",
            "--listen-client-urls", endpoint, "--advertise-client-urls", endpoint,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", group, "--log-level", "error",
          ]))
    }
    members = started
    try write(EtcdMessages.put(record), to: "put")
    try write(EtcdMessages.range(record), to: "range")
    for _ in 0..<100 {
      if (try? etcdctl(["put", record.role.name, "first"])) != nil { return }
      Thread.sleep(forTimeInterval: 0.1)
    }
    throw BenchmarkFailure("etcd does not serve; see whether its ports are free")
  }

  var processes: [Int32] { members.map(\.processIdentifier) }

  func close() {
    for member in members { member.terminate() }
    for member in members { member.waitUntilExit() }
  }

  func run(
    _ request: ServiceRequest, by clients: ClientNumbers, for seconds: Int
  ) async throws -> ServiceFigures {
    let leader = try leaderEndpoint()
    let before = try revision()
    let log = "\(folder)/requests"
    try? FileManager.default.removeItem(atPath: log)
    let method = request == .write ? "Put" : "Range"
    let said = try Self.output(
      of: "h2load",
      [
        "-p", "h2c", "-D", "\(seconds)", "-c", "\(clients.connections)",
        "-m", "\(clients.tasks / clients.connections)", "--log-file", log,
        "-d", "\(folder)/\(request == .write ? "put" : "range")",
        "-H", "content-type: application/grpc", "-H", "te: trailers",
        "\(leader)/etcdserverpb.KV/\(method)",
      ])
    let latencies = try Self.latencies(in: log)
    let grown = try revision() - before
    // Those that were under way when the time was over are in the store and not in the log.
    guard !latencies.isEmpty,
      request == .read ? grown == 0 : (latencies.count...latencies.count + clients.tasks) ~= grown
    else {
      throw BenchmarkFailure(
        "etcd answered \(latencies.count) requests, and its revision grew by \(grown):\n\(said)")
    }
    return ServiceFigures(latencies: latencies, in: Double(seconds))
  }

  /// Lines of start, status and microseconds.
  private static func latencies(in log: String) throws -> [UInt32] {
    let text = try String(contentsOfFile: log, encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      let fields = line.split(separator: "\t")
      guard fields.count == 3, fields[1] == "200", let time = UInt32(fields[2]) else {
        throw BenchmarkFailure("etcd refused a request, or h2load logs otherwise: \(line)")
      }
      return time
    }
  }
}

// MARK: - Asking with etcdctl

extension EtcdService {
  private struct Answer: Decodable {
    struct Header: Decodable { let revision: Int }
    let header: Header
  }

  private struct Member: Decodable {
    struct Status: Decodable {
      struct Header: Decodable {
        let id: UInt64

        private enum CodingKeys: String, CodingKey { case id = "member_id" }
      }

      let header: Header
      let leader: UInt64
    }

    let endpoint: String
    let status: Status

    var isLeader: Bool { status.leader == status.header.id }

    private enum CodingKeys: String, CodingKey {
      case endpoint = "Endpoint"
      case status = "Status"
    }
  }

  private func revision() throws -> Int {
    let text = try etcdctl(["get", record.role.name, "-w", "json"])
    return try JSONDecoder().decode(Answer.self, from: Data(text.utf8)).header.revision
  }

  /// Where the leader is: asked there, no request has to be forwarded.
  private func leaderEndpoint() throws -> String {
    let text = try etcdctl(["endpoint", "status", "-w", "json"])
    let all = try JSONDecoder().decode([Member].self, from: Data(text.utf8))
    guard let leader = all.first(where: \.isLeader) else {
      throw BenchmarkFailure("etcd has no leader")
    }
    return leader.endpoint
  }

  @discardableResult
  private func etcdctl(_ arguments: [String]) throws -> String {
    try Self.output(
      of: "etcdctl", ["--endpoints", endpoints.joined(separator: ",")] + arguments)
  }
}

// MARK: - Processes and files

extension EtcdService {
  private func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  private static func start(_ program: String, _ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["ETCDCTL_API": "3"]) { $1 }
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    return process
  }

  private static func output(of program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["ETCDCTL_API": "3"]) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw BenchmarkFailure("\(program) ended with \(process.terminationStatus)")
    }
    return String(decoding: data, as: UTF8.self)
  }
}

/// Requests of etcd's API, framed for gRPC (etcd's rpc.proto; gRPC over HTTP/2).
enum EtcdMessages {
  /// PutRequest: key = 1, value = 2.
  static func put(_ record: BenchmarkRecord) -> [UInt8] {
    framed(field(1, Array(record.role.name.utf8)) + field(2, record.bytes))
  }

  /// RangeRequest: key = 1; linearizable unless it says otherwise.
  static func range(_ record: BenchmarkRecord) -> [UInt8] {
    framed(field(1, Array(record.role.name.utf8)))
  }

  /// A field of fewer than 128 bytes.
  private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    precondition(bytes.count < 128)
    return [number << 3 | 2, UInt8(bytes.count)] + bytes
  }

  /// Not compressed; the length in four bytes, the highest first.
  private static func framed(_ message: [UInt8]) -> [UInt8] {
    [0, 0, 0, 0, UInt8(message.count)] + message
  }
}

/// Why there are no figures.
struct BenchmarkFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
