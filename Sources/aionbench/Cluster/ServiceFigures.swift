import ArgumentParser

/// What clients of one service got in one round.
struct ServiceFigures {
  /// Requests that were answered with success.
  let answered: Int
  let perSecond: Double
  /// Of single requests, in milliseconds.
  let median: Double
  let percentile99: Double

  /// - Parameter latencies: One for each answered request, in microseconds, in any order.
  init(latencies: [UInt32], in seconds: Double) {
    answered = latencies.count
    perSecond = Double(answered) / seconds
    let sorted = latencies.sorted()
    func percentile(_ part: Double) -> Double {
      guard let last = sorted.indices.last else { return 0 }
      return Double(sorted[Int((Double(last) * part).rounded())]) / 1_000
    }
    median = percentile(0.5)
    percentile99 = percentile(0.99)
  }
}

/// The rounds of one kind of request, by so many clients, of one service.
struct ServiceSamples: Encodable {
  let request: ServiceRequest
  let clients: ClientNumbers
  let service: String
  private(set) var perSecond: Sample
  private(set) var median: Sample
  private(set) var percentile99: Sample
  /// What the three processes had of the processor for each request, the making of connections
  /// included, those who ask not.
  private(set) var processorTime: Sample

  init(_ request: ServiceRequest, by clients: ClientNumbers, service: String) {
    self.request = request
    self.clients = clients
    self.service = service
    perSecond = Sample(name: "requests/s")
    median = Sample(name: "p50, ms")
    percentile99 = Sample(name: "p99, ms")
    processorTime = Sample(name: "processor time of the service for each request, µs")
  }

  /// - Parameter processorTime: Of all processes of the service, in seconds.
  mutating func add(_ figures: ServiceFigures, processorTime: Double) {
    perSecond.add(figures.perSecond)
    median.add(figures.median)
    percentile99.add(figures.percentile99)
    self.processorTime.add(processorTime * 1_000_000 / Double(max(1, figures.answered)))
  }
}

enum ServiceRequest: String, Encodable, CaseIterable, ExpressibleByArgument {
  /// Durable on a majority when it is answered.
  case write
  /// Linearizable.
  case read
}

/// Who asks: so many at a time, each waiting for its answer, over so many connections.
struct ClientNumbers: Encodable, Equatable, CustomStringConvertible {
  let tasks: Int
  let connections: Int

  /// - Parameter perConnection: How many share one.
  init(_ tasks: Int, perConnection: Int) {
    connections = max(1, tasks / perConnection)
    // As many for each connection.
    self.tasks = max(1, tasks / connections) * connections
  }

  var description: String { "\(tasks) over \(connections)" }
}

/// What asks a group of three processes, with so many clients for so long.
protocol MeasuredService {
  var name: String { get }
  /// The three of the service.
  var processes: [Int32] { get }

  /// - Throws: When anything but success was answered: then there is no figure.
  func run(
    _ request: ServiceRequest, by clients: ClientNumbers, for seconds: Int
  ) async throws -> ServiceFigures
}
