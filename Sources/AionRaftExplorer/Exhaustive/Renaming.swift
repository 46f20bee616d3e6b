import AionModel
import AionRaft

/// Other names for the replicas of a group: what happens to one must happen to its namesake.
struct Renaming: Hashable, Sendable {
  /// The new number of each replica, from 1 on.
  let names: [UInt64]

  func callAsFunction(_ replica: ReplicaID) -> ReplicaID {
    let place = Int(replica.rawValue) - 1
    return names.indices.contains(place) ? ReplicaID(names[place]) : replica
  }

  func callAsFunction(_ membership: Membership) -> Membership {
    Membership(
      voters: membership.voters.map { self($0) },
      outgoingVoters: membership.outgoingVoters.map { self($0) },
      learners: membership.learners.map { self($0) },
      stagedLearners: membership.stagedLearners.map { self($0) },
      leavesAutomatically: membership.leavesAutomatically)
  }

  func callAsFunction(_ change: ConfigurationChange) -> ConfigurationChange {
    var renamed = change
    renamed.steps = change.steps.map { step in
      switch step {
      case .addVoter(let replica): .addVoter(self(replica))
      case .addLearner(let replica): .addLearner(self(replica))
      case .remove(let replica): .remove(self(replica))
      case .update(let replica): .update(self(replica))
      }
    }
    return renamed
  }

  func callAsFunction(_ payload: Entry.Payload) -> Entry.Payload {
    if case .configuration(let change) = payload { return .configuration(self(change)) }
    return payload
  }

  func callAsFunction(_ entry: Entry) -> Entry {
    var renamed = entry
    renamed.payload = self(entry.payload)
    return renamed
  }

  func callAsFunction(_ message: Message) -> Message {
    Message(from: self(message.from), to: self(message.to), self(message.body))
  }

  private func callAsFunction(_ body: Message.Body) -> Message.Body {
    switch body {
    case .append(let term, let previous, let entries, let commit):
      .append(term, previous: previous, entries: entries.map { self($0) }, commit: commit)
    case .snapshot(let term, let metadata):
      .snapshot(
        term,
        SnapshotMetadata(position: metadata.position, membership: self(metadata.membership)))
    case .transferLeadership(let term, let target): .transferLeadership(term, to: self(target))
    case .propose(let proposals):
      .propose(proposals.map { Proposal(self($0.payload), proposedAt: $0.proposedAt) })
    default: body
    }
  }
}

extension Bounds {
  /// The renamings under which these bounds stay what they are, the one that renames nothing first.
  var symmetries: [Renaming] {
    let start = self.start
    return Bounds.orders(of: (1...UInt64(nodes)).map { $0 }).map { Renaming(names: $0) }
      .filter { rename in
        rename(start.membership) == start.membership
          && Set(changes.map { rename($0) }) == Set(changes)
      }
  }

  private static func orders(of numbers: [UInt64]) -> [[UInt64]] {
    guard numbers.count > 1 else { return [numbers] }
    return numbers.indices.flatMap { place -> [[UInt64]] in
      var rest = numbers
      let first = rest.remove(at: place)
      return orders(of: rest).map { [first] + $0 }
    }
  }
}
