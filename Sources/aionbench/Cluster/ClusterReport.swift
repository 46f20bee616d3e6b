import Foundation

/// The figures of a run, for people and for machines.
struct ClusterReport: Encodable {
  var samples: [ServiceSamples] = []
  private(set) var withoutLeader = Sample(name: "without a leader, ms")
  private(set) var withoutWrite = Sample(name: "without a write, ms")

  mutating func add(_ failover: FailoverClock.Figures) {
    withoutLeader.add(failover.withoutLeader)
    withoutWrite.add(failover.withoutWrite)
  }

  var text: String {
    var table = Table(
      header: [
        "", "clients", "connections", "median/s", "lowest", "highest", "p50 ms", "p99 ms", "× etcd",
        "CPU µs", "etcd's ÷",
      ])
    for sample in samples {
      table.add([
        "\(sample.request.rawValue)s, \(sample.service)"
          + (sample.perSecond.isNoisy ? " (noisy)" : ""),
        "\(sample.clients.tasks)", "\(sample.clients.connections)",
        grouped(sample.perSecond.median), grouped(sample.perSecond.lowest),
        grouped(sample.perSecond.highest), String(format: "%.2f", sample.median.median),
        String(format: "%.2f", sample.percentile99.median),
        ratio(sample) { $0.perSecond.median / $1.perSecond.median },
        String(format: "%.1f", sample.processorTime.median),
        ratio(sample) { $1.processorTime.median / $0.processorTime.median },
      ])
    }
    guard !withoutLeader.rounds.isEmpty else { return table.text }
    var failover = Table(header: ["after SIGKILL of aiond's leader", "median", "lowest", "highest"])
    for sample in [withoutLeader, withoutWrite] {
      failover.add([
        sample.name, grouped(sample.median), grouped(sample.lowest), grouped(sample.highest),
      ])
    }
    return table.text + "\n\n" + failover.text
  }

  /// How a service compares to etcd, by its own figures and etcd's.
  private func ratio(
    _ sample: ServiceSamples, _ ratio: (ServiceSamples, ServiceSamples) -> Double
  ) -> String {
    let other = samples.first {
      $0.service == "etcd" && $0.clients == sample.clients && $0.request == sample.request
    }
    guard sample.service != "etcd", let other else { return "" }
    return String(format: "%.2f", ratio(sample, other))
  }
}
