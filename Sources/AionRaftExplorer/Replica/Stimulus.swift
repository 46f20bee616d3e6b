import AionModel
import AionRaft

/// What can happen to a replica in one step of the explorer.
enum Stimulus: Hashable, Sendable {
  case deliver(Message)
  case tick
  /// As many ticks as it takes to campaign.
  case timeout
  /// A proposal that differs from all others by its number.
  case propose(Int)
  case change(ConfigurationChange)
  case transfer(to: ReplicaID)
  /// Asks for the index of a read, named by its number.
  case read(Int)
  /// Saves the state machine and forgets the entries before it.
  case compact
  /// A crash between two steps: the replica is down.
  case crash
  case restart
}

/// A crash in the middle of a step, at the sync of that number, from 0.
///
/// A replica whose disk blocks it does nothing while it waits, so these two and a crash between
/// steps are all the crashes there are: what left before the sync has left, what waited for it has
/// not.
enum CrashPoint: Hashable, Sendable {
  /// Nothing of the output is on disk.
  case beforeSync(Int)
  /// All of it is on disk, and nobody has been told.
  case afterSync(Int)
}

/// What a step of one replica did to the others.
struct Reaction: Sendable {
  var messages: [Message] = []
  var reads: [Output.SafeRead] = []
  /// How many outputs needed a sync.
  var syncs = 0
}

extension Replica {
  /// Takes a stimulus and completes every output that follows from it, or those before the crash.
  mutating func perform(
    _ stimulus: Stimulus, crash: CrashPoint? = nil
  ) throws(Violation) -> Reaction {
    var reaction = Reaction()
    try receive(stimulus)
    try settle(crash, &reaction)
    return reaction
  }

  private mutating func settle(
    _ crash: CrashPoint?, _ reaction: inout Reaction
  ) throws(Violation) {
    while !isDown, core.hasOutput {
      reaction.messages += try write()
      if pending.first?.isDurable == true {
        if let crash, crash.sync == reaction.syncs {
          if case .afterSync = crash { saveOldest() }
          return try self.crash()
        }
        reaction.syncs += 1
      }
      let completion = try complete()
      reaction.messages += completion.messages
      reaction.reads += completion.reads
    }
  }

  mutating func receive(_ stimulus: Stimulus) throws(Violation) {
    switch stimulus {
    case .deliver(let message): try take(.message(message))
    case .tick: try take(.tick)
    case .timeout: _ = try timeOut()
    case .propose(let number):
      try take(.propose([.command(Stimulus.command(number))]))
    case .change(let change): try take(.proposeConfiguration(change))
    case .transfer(let target): try take(.transferLeadership(to: target))
    case .read(let number): try take(.readIndex(Stimulus.readID(number)))
    case .compact: compact()
    case .crash: try crash()
    case .restart: comeBack()
    }
  }

  /// Ticks until something comes of it; returns how often.
  mutating func timeOut() throws(Violation) -> Int {
    let longest = core.options.electionTicks + core.options.electionJitterTicks
    for count in 1...longest {
      try take(.tick)
      if core.hasOutput { return count }
    }
    return longest
  }
}

extension Stimulus {
  static func readID(_ number: Int) -> ReadID { ReadID(UInt64(number) + 1) }

  /// `p0`, `p1`, …
  static func command(_ number: Int) -> [UInt8] { Array("p\(number)".utf8) }
}
