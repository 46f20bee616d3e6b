public import AionModel

/// How a replica behaves. Times are in ticks; what a tick lasts is the caller's affair.
public struct RaftOptions: Hashable, Sendable {
  /// A follower that hears nothing for this long, and for up to `electionJitterTicks` more,
  /// campaigns.
  public var electionTicks = 10
  /// How many different election timeouts there are, from `electionTicks` up; 1 draws nothing.
  public var electionJitterTicks = 10
  public var heartbeatTicks = 1
  /// Ask before campaigning, so that a replica that was cut off disturbs nobody (thesis §9.6).
  public var preVote = true
  /// A leader that hears of no quorum for an election timeout steps down; followers grant no vote
  /// while they hear from a leader (thesis §6.2, §4.2.3).
  public var checkQuorum = true
  public var readMode = ReadMode.safe
  public var removedLeader = RemovedLeader.handsOver
  /// Whether a follower passes proposals on; else they are refused with the leader's name.
  public var forwardsProposals = true
  /// Whether a membership change is checked against the present configuration when it is proposed.
  public var checksConfigurationChanges = true

  /// Entries of one message; a single larger entry still goes.
  public var maximumMessageSize = ByteCount.mebibytes(1)
  /// Entries handed out to be applied and not yet applied; a single larger entry still goes.
  public var maximumApplyingSize = ByteCount.mebibytes(64)
  /// Payloads that a leader holds and that are not yet applied; above it proposals are refused.
  public var maximumUncommittedSize = ByteCount.mebibytes(256)
  /// Reads that wait at a leader, whoever asked; above it reads are refused.
  public var maximumWaitingReads = 65_536
  /// Unacknowledged appends to one follower.
  public var maximumInflightMessages = 256
  public var maximumInflightSize = ByteCount.mebibytes(64)

  public init() {}

  /// What makes a leader sure that no other leads when it answers a read.
  public enum ReadMode: Hashable, Sendable {
    /// A read waits until a quorum has confirmed the leader (thesis §6.4).
    case safe
    /// A leader trusts its lease; needs `checkQuorum` and clocks that drift little.
    case lease
  }

  /// What a leader does once a membership change that removes or demotes it is applied.
  public enum RemovedLeader: Hashable, Sendable {
    /// Goes on leading, without counting itself.
    case stays
    case stepsDown
    /// Steps down and asks the voter with the longest log to campaign at once.
    case handsOver
  }

  /// A size that limits nothing.
  public static let unlimited = ByteCount(Int.max)

  /// What is wrong with these options, if anything.
  var complaint: String? {
    if heartbeatTicks < 1 { return "heartbeatTicks is \(heartbeatTicks), must be at least 1" }
    if electionTicks <= heartbeatTicks {
      return "electionTicks is \(electionTicks), must be above heartbeatTicks (\(heartbeatTicks))"
    }
    if electionJitterTicks < 1 {
      return "electionJitterTicks is \(electionJitterTicks), must be at least 1"
    }
    if maximumInflightMessages < 1 {
      return "maximumInflightMessages is \(maximumInflightMessages), must be at least 1"
    }
    if maximumInflightSize < maximumMessageSize {
      return "maximumInflightSize is \(maximumInflightSize), must be at least maximumMessageSize"
        + " (\(maximumMessageSize))"
    }
    if maximumWaitingReads < 1 {
      return "maximumWaitingReads is \(maximumWaitingReads), must be at least 1"
    }
    if readMode == .lease, !checkQuorum { return "readMode .lease needs checkQuorum" }
    return nil
  }
}
