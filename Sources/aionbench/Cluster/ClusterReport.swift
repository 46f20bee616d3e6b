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
      ])
    for sample in samples {
      table.add([
        "\(sample.request.rawValue)s, \(sample.service)"
          + (sample.perSecond.isNoisy ? " (noisy)" : ""),
        "\(sample.clients.tasks)", "\(sample.clients.connections)",
        grouped(sample.perSecond.median), grouped(sample.perSecond.lowest),
        grouped(sample.perSecond.highest), String(format: "%.2f", sample.median.median),
        String(format: "%.2f", sample.percentile99.median), ratio(sample),
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

  private func ratio(_ sample: ServiceSamples) -> String {
    let other = samples.first {
      $0.service == "etcd" && $0.clients == sample.clients && $0.request == sample.request
    }
    guard sample.service != "etcd", let other, other.perSecond.median > 0 else { return "" }
    return String(format: "%.2f", sample.perSecond.median / other.perSecond.median)
  }
}
