import AionSimulation
import ArgumentParser
import Foundation

struct Shrink: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look for a smaller world in which the same promise breaks.",
    discussion: """
      Leaves out faults, replicas, clients and time, one after the other, as long as the same \
      promise is broken. What was tried goes to standard error. The same seed gives the same answer.
      """)

  @Option(help: "A seed that breaks a promise.") var seed: UInt64
  @OptionGroup var options: ScenarioOptions

  func run() throws {
    guard let violation = Self.violation(of: seed, options) else {
      print("seed \(seed) breaks no promise")
      return
    }
    var shrinker = Shrinker(seed: seed, options: options, violation: violation)
    shrinker.run()
    print("FAILED: \(shrinker.violation)")
    print("repeat: \(shrinker.options.command(seed))")
    throw ExitCode(1)
  }

  static func violation(of seed: UInt64, _ options: ScenarioOptions) -> Violation? {
    Repetition.announce(options.command(seed))
    return options.load(seed).run(options.scenario(seed)).violation
  }
}

/// Makes a failing case smaller until nothing more can be left out.
struct Shrinker {
  let seed: UInt64
  private(set) var options: ScenarioOptions
  private(set) var violation: Violation

  init(seed: UInt64, options: ScenarioOptions, violation: Violation) {
    self.seed = seed
    self.options = options
    self.violation = violation
  }

  mutating func run() {
    var hasShrunk = true
    while hasShrunk {
      hasShrunk = leaveOutFaults()
      hasShrunk = shorten() || hasShrunk
      hasShrunk = leaveOutClients() || hasShrunk
      hasShrunk = leaveOutReplicas() || hasShrunk
    }
  }

  private mutating func leaveOutFaults() -> Bool {
    var hasShrunk = false
    for kind in options.scenario(seed).faults.occurring.reversed() {
      hasShrunk = takes { $0.without.append(kind) } || hasShrunk
    }
    return hasShrunk
  }

  private mutating func shorten() -> Bool {
    let seconds = options.scenario(seed).duration.microseconds / 1_000_000
    return [1, 2, 4, 8, 12, 16, 24, 32].filter { $0 < seconds }.contains { shorter in
      takes { $0.seconds = shorter }
    }
  }

  private mutating func leaveOutClients() -> Bool {
    (1..<max(1, options.scenario(seed).clients)).contains { fewer in
      takes { $0.clients = fewer }
    }
  }

  private mutating func leaveOutReplicas() -> Bool {
    (1..<max(1, options.scenario(seed).replicas)).contains { fewer in
      takes { $0.replicas = fewer }
    }
  }

  /// Keeps a change after which the same promise is still broken.
  private mutating func takes(_ change: (inout ScenarioOptions) -> Void) -> Bool {
    var smaller = options
    change(&smaller)
    let found = Shrink.violation(of: seed, smaller)
    let isSame = found?.promise == violation.promise
    let verdict = isSame ? "still fails" : "passes"
    FileHandle.standardError.write(Data("\(verdict): \(smaller.command(seed))\n".utf8))
    guard isSame, let found else { return false }
    options = smaller
    violation = found
    return true
  }
}
