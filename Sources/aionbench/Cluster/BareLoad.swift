import AionModel
import AionRPC
import ClusterRig
import Foundation

/// Requests of clients that each wait for their answer, over connections on one thread.
struct BareLoad {
  let operation: AionRPC.Operation
  let port: Int
  let clients: ClientNumbers
  let seconds: Double

  /// - Returns: How long each request took that was answered in time, in microseconds.
  /// - Throws: `BenchmarkFailure` when anything but success was answered.
  func run() throws -> [UInt32] {
    let request = Request(operation.encoded(), timeout: .seconds(60)).encoded()
    var connections: [BareConnection] = []
    defer { for connection in connections { connection.close() } }
    var readiness = Readiness()
    for place in 0..<clients.connections {
      let connection = try BareConnection(to: port, request: request)
      connections.append(connection)
      try readiness.watch(connection.descriptor, as: place)
    }
    let begin = ContinuousClock.now
    let end = begin + .seconds(seconds)
    for connection in connections { try connection.begin(clients.tasks / clients.connections) }
    var latencies: [UInt32] = []
    while ContinuousClock.now < end {
      for place in readiness.wait() {
        try connections[place].read { latencies.append($0) }
      }
    }
    return latencies
  }
}

/// One connection, with requests of one kind under way on it.
private final class BareConnection {
  let descriptor: Int32
  private let request: [UInt8]
  private static let limit = ByteCount.mebibytes(1)
  private var decoder = FrameDecoder(limit: limit)
  private var encoder = FrameEncoder()
  private var room = [UInt8](repeating: 0, count: 16 << 10)
  private var last: ExchangeID = 0
  /// Oldest first; answers come mostly in the order of requests.
  private var underWay: [(exchange: ExchangeID, begun: ContinuousClock.Instant)] = []

  /// Connects, and is let in.
  init(to port: Int, request: [UInt8]) throws {
    guard let descriptor = LoopbackSocket.open(), LoopbackSocket.connect(descriptor, to: port)
    else { throw BenchmarkFailure("aiond takes no connection") }
    self.descriptor = descriptor
    self.request = request
    let hello = Hello(
      cluster: nil, caller: .client(name: "bare", token: nil), frameLimit: Self.limit)
    encoder.add(Frame(.hello, payload: hello.encoded()))
    try flush()
    while true {
      try fill()
      guard let frame = try decoder.next() else { continue }
      guard frame.kind == .welcome else { throw BenchmarkFailure("aiond lets nobody in") }
      break
    }
    LoopbackSocket.prepare(descriptor)
  }

  func close() { LoopbackSocket.close(descriptor) }

  func begin(_ count: Int) throws {
    for _ in 0..<count { ask(at: .now) }
    try flush()
  }

  /// Takes the answers that are there, and asks again for each.
  ///
  /// - Parameter each: Given how long one took, in microseconds.
  func read(each: (UInt32) -> Void) throws {
    try fill()
    let now = ContinuousClock.now
    while let frame = try decoder.next() {
      if frame.kind == .ping { continue }
      guard let place = underWay.firstIndex(where: { $0.exchange == frame.exchange }) else {
        throw BenchmarkFailure("aiond answered what was not asked")
      }
      let begun = underWay.remove(at: place).begun
      try check(frame)
      each(UInt32(clamping: Int((now - begun).seconds * 1_000_000)))
      ask(at: now)
    }
    try flush()
  }

  private func check(_ frame: Frame) throws {
    switch try OperationAnswer(response: frame) {
    case nil: throw BenchmarkFailure("aiond did not answer")
    case .applied: return
    case .read(let answer) where !answer.roles.isEmpty: return
    case let other?: throw BenchmarkFailure("aiond answered \(other)")
    }
  }

  private func ask(at now: ContinuousClock.Instant) {
    last.rawValue += 1
    underWay.append((last, now))
    encoder.add(Frame(.request, exchange: last, payload: request))
  }

  /// What waits to be sent is less than what the system takes at a time.
  private func flush() throws {
    let isSent = encoder.drain { bytes in
      bytes.isEmpty || write(descriptor, bytes.baseAddress, bytes.count) == bytes.count
    }
    guard isSent else { throw BenchmarkFailure("aiond reads nothing") }
  }

  private func fill() throws {
    let count = Foundation.read(descriptor, &room, room.count)
    guard count > 0 else { throw BenchmarkFailure("aiond ended a connection") }
    room.withUnsafeBytes { decoder.add(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }
}
