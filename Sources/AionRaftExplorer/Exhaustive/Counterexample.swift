import AionModel
import AionRaft

/// The shortest way to a violation.
package struct Counterexample: Sendable {
  let bounds: Bounds
  let steps: [Step]
  package let violation: Violation

  struct Step: Sendable {
    let node: Int
    let stimulus: Stimulus
    /// What the network does, when the step is about a message.
    let network: Network?
    let crash: CrashPoint?
  }

  enum Network: Sendable {
    case delivers
    case duplicates
    case drops
  }

  package var length: Int { steps.count }
}
