import AionModel
import AionRaft

/// One replica with its disk and its state machine, which remembers what it applied.
struct Replica {
  var core: RaftCore
  var disk: Disk
  var appliedEntries: [Entry] = []
  var reads: [Output.SafeRead] = []

  struct Disk: Hashable {
    var hardState = HardState()
    var snapshot: SnapshotMetadata
    var entries: [Entry] = []

    mutating func save(_ output: Output) {
      if let saved = output.hardState { hardState = saved }
      if let installed = output.snapshot {
        snapshot = installed
        entries = []
      }
      if let first = output.entries.first {
        entries.removeAll { $0.index >= first.index }
        entries += output.entries
      }
    }
  }

  init(
    _ id: ReplicaID, members: Membership, options: RaftOptions = RaftOptions(), seed: UInt64 = 1
  ) throws {
    disk = Disk(snapshot: SnapshotMetadata(position: .zero, membership: members))
    core = try RaftCore(
      id: id, options: options, seed: seed, snapshot: disk.snapshot)
  }

  var id: ReplicaID { core.id }

  /// Saves, applies and acknowledges one output; returns what is to be sent.
  mutating func complete(_ output: Output) -> [Message] {
    disk.save(output)
    core.persisted(through: output.receipt)
    appliedEntries += output.committed
    if let last = output.committed.last { core.applied(through: last.index) }
    reads += output.reads
    if output.wantsSnapshot { takeSnapshot() }
    return output.messages + output.messagesAfterSync
  }

  /// Completes outputs until there are none.
  mutating func settle() -> [Message] {
    var sent: [Message] = []
    while core.hasOutput {
      sent += complete(core.takeOutput())
      core.checkInvariants()
    }
    return sent
  }

  /// What is applied could be written to a file now.
  mutating func takeSnapshot() {
    let position = LogPosition(
      term: core.term(at: core.applied) ?? .zero, index: core.applied)
    core.snapshotTaken(SnapshotMetadata(position: position, membership: core.membership))
  }

  /// Loses everything but the disk.
  mutating func restart(seed: UInt64 = 2) throws {
    core = try RaftCore(
      id: core.id, options: core.options, seed: seed, snapshot: disk.snapshot,
      hardState: disk.hardState, entries: disk.entries)
    appliedEntries.removeAll { $0.index > disk.snapshot.position.index }
  }

  /// The commands that were applied, as text.
  var appliedCommands: [String] { appliedEntries.compactMap(\.text) }
}

extension Entry {
  var text: String? {
    guard case .command(let bytes) = payload else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Proposal {
  static func text(_ text: String) -> Proposal { .command(Array(text.utf8)) }
}

extension Membership {
  static func voters(_ ids: ReplicaID...) -> Membership { Membership(voters: ids) }
}
