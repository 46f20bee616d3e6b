import AionModel
import AionRaft

/// The marks by which a change of the older, single-step form is told from others: it is the same
/// change to the core, and only prints differently.
enum ConfigurationForm {
  static let single: [UInt8] = Array("single".utf8)
}

extension Entry {
  /// `term/index EntryNormal "text"`
  var transcriptText: String {
    "\(term)/\(index) \(payload.transcriptText)"
  }
}

extension Entry.Payload {
  var transcriptText: String {
    switch self {
    case .empty: return "EntryNormal \"\""
    case .command(let bytes): return "EntryNormal \(quoted(bytes))"
    case .configuration(let change):
      let form = change.context == ConfigurationForm.single ? "" : "V2"
      let steps = change.steps.map(\.transcriptText).joined(separator: " ")
      return "EntryConfChange\(form)" + (steps.isEmpty ? "" : " \(steps)")
    }
  }
}

extension ConfigurationChange.Step {
  /// `v2` adds a voter, `l2` a learner, `r2` removes, `u2` updates.
  var transcriptText: String {
    switch self {
    case .addVoter(let replica): "v\(replica)"
    case .addLearner(let replica): "l\(replica)"
    case .remove(let replica): "r\(replica)"
    case .update(let replica): "u\(replica)"
    }
  }

  package init?(transcriptText: String) {
    guard let number = UInt64(transcriptText.dropFirst()) else { return nil }
    let replica = ReplicaID(number)
    switch transcriptText.first {
    case "v": self = .addVoter(replica)
    case "l": self = .addLearner(replica)
    case "r": self = .remove(replica)
    case "u": self = .update(replica)
    default: return nil
    }
  }
}

extension HardState {
  var transcriptText: String {
    "Term:\(term)" + (vote.map { " Vote:\($0)" } ?? "") + " Commit:\(commit)"
  }
}

extension SnapshotMetadata {
  var transcriptText: String {
    "Index:\(position.index) Term:\(position.term) ConfState:\(membership.transcriptText)"
  }
}

extension Membership {
  var transcriptText: String {
    "Voters:\(list(voters)) VotersOutgoing:\(list(outgoingVoters)) Learners:\(list(learners))"
      + " LearnersNext:\(list(stagedLearners)) AutoLeave:\(leavesAutomatically)"
  }
}

extension RoleName {
  var transcriptText: String {
    switch self {
    case .follower: "StateFollower"
    case .preCandidate: "StatePreCandidate"
    case .candidate: "StateCandidate"
    case .leader: "StateLeader"
    }
  }
}

private func list(_ replicas: [ReplicaID]) -> String {
  "[" + replicas.map(\.description).joined(separator: " ") + "]"
}

/// A string literal.
func quoted(_ bytes: [UInt8]) -> String {
  var text = "\""
  for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
    switch scalar {
    case "\"": text += "\\\""
    case "\\": text += "\\\\"
    case "\n": text += "\\n"
    case "\t": text += "\\t"
    case _ where scalar.value < 0x20: text += "\\x" + hexadecimal(UInt64(scalar.value), width: 2)
    default: text.unicodeScalars.append(scalar)
    }
  }
  return text + "\""
}

func hexadecimal(_ number: UInt64, width: Int = 1) -> String {
  let digits = String(number, radix: 16)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
