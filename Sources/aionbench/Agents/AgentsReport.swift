import Foundation

/// The figures of a run, for people and for machines.
struct AgentsReport: Encodable {
  /// With agents, or without.
  struct Side: Encodable {
    /// Of one core, while nobody writes.
    private(set) var processor = Sample(name: "leader's processor, %")
    private(set) var busyProcessor = Sample(name: "leader's processor, %, while clients write")
    private(set) var heartbeats = Sample(name: "heartbeats/s")
    private(set) var busyHeartbeats = Sample(name: "heartbeats/s, while clients write")
    private(set) var writes = Sample(name: "durable writes/s")
    private(set) var latency = Sample(name: "p99 of writes, ms")

    fileprivate var samples: [Sample] {
      [heartbeats, processor, busyHeartbeats, busyProcessor, writes, latency]
    }

    fileprivate mutating func add(
      _ quiet: LeaderMeter.Load, _ busy: LeaderMeter.Load, _ figures: ServiceFigures
    ) {
      processor.add(quiet.processor)
      busyProcessor.add(busy.processor)
      heartbeats.add(quiet.heartbeats)
      busyHeartbeats.add(busy.heartbeats)
      writes.add(figures.perSecond)
      latency.add(figures.percentile99)
    }
  }

  let agents: Int
  let clients: Int
  private(set) var with = Side()
  private(set) var without = Side()
  /// What clients write with agents as a part of what they write without, in the same round.
  private(set) var writesRatio = Sample(name: "durable writes, with × without")

  init(agents: Int, clients: Int) {
    self.agents = agents
    self.clients = clients
  }

  mutating func add(
    hasAgents: Bool, quiet: LeaderMeter.Load, busy: LeaderMeter.Load, writes: ServiceFigures
  ) {
    if hasAgents { with.add(quiet, busy, writes) } else { without.add(quiet, busy, writes) }
    // Both sides of the round are there.
    guard let numerator = with.writes.rounds.last, let denominator = without.writes.rounds.last,
      with.writes.rounds.count == without.writes.rounds.count, denominator > 0
    else { return }
    writesRatio.add(numerator / denominator)
  }

  var text: String {
    var table = Table(header: ["", "agents", "median", "lowest", "highest"])
    for (without, with) in zip(without.samples, with.samples) {
      for (count, sample) in [(0, without), (agents, with)] {
        table.add([
          sample.name + (sample.isNoisy ? " (noisy)" : ""), grouped(Double(count)),
          Self.figure(sample.median), Self.figure(sample.lowest), Self.figure(sample.highest),
        ])
      }
    }
    return table.text + "\n\n"
      + String(
        format: "durable writes by %d clients, with agents × without: %.2f (%.2f to %.2f)", clients,
        writesRatio.median, writesRatio.lowest, writesRatio.highest)
  }

  /// Of small ones a part counts too.
  private static func figure(_ figure: Double) -> String {
    figure < 100 ? String(format: "%.1f", figure) : grouped(figure)
  }
}
