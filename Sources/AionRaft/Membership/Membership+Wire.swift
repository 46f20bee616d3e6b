// aion.v1.Membership and aion.v1.ConfigurationChange (Docs/schema/aion/v1/log.proto)

import AionModel
public import AionWire

extension Membership {
  public func encode(into writer: inout WireWriter) {
    for voter in voters { writer.alwaysVarint(1, voter.rawValue) }
    for voter in outgoingVoters { writer.alwaysVarint(2, voter.rawValue) }
    for learner in learners { writer.alwaysVarint(3, learner.rawValue) }
    for learner in stagedLearners { writer.alwaysVarint(4, learner.rawValue) }
    writer.bool(5, leavesAutomatically)
  }

  public init(from reader: inout WireReader) throws(WireError) {
    self.init()
    while let field = try reader.next() {
      switch field.number {
      case 1: voters.append(ReplicaID(try reader.uint64(field)))
      case 2: outgoingVoters.append(ReplicaID(try reader.uint64(field)))
      case 3: learners.append(ReplicaID(try reader.uint64(field)))
      case 4: stagedLearners.append(ReplicaID(try reader.uint64(field)))
      case 5: leavesAutomatically = try reader.bool(field)
      default: try reader.skip(field)
      }
    }
  }
}

extension ConfigurationChange {
  public func encode(into writer: inout WireWriter) {
    writer.varint(1, transition.wireValue)
    for step in steps {
      writer.message(2) { step.encode(into: &$0) }
    }
    writer.bytes(3, context)
  }

  public init(from reader: inout WireReader) throws(WireError) {
    self.init(steps: [])
    while let field = try reader.next() {
      switch field.number {
      case 1:
        guard let known = Transition(wireValue: try reader.uint32(field)) else {
          throw reader.outOfRange(field)
        }
        transition = known
      case 2:
        var nested = try reader.message(field)
        steps.append(try Step(from: &nested))
      case 3: context = try reader.bytes(field)
      default: try reader.skip(field)
      }
    }
  }
}

extension ConfigurationChange.Transition {
  fileprivate var wireValue: UInt32 {
    switch self {
    case .automatic: 0
    case .implicit: 1
    case .explicit: 2
    }
  }

  fileprivate init?(wireValue: UInt32) {
    switch wireValue {
    case 0: self = .automatic
    case 1: self = .implicit
    case 2: self = .explicit
    default: return nil
    }
  }
}

extension ConfigurationChange.Step {
  fileprivate func encode(into writer: inout WireWriter) {
    switch self {
    case .addVoter(let replica): writer.alwaysVarint(1, replica.rawValue)
    case .addLearner(let replica): writer.alwaysVarint(2, replica.rawValue)
    case .remove(let replica): writer.alwaysVarint(3, replica.rawValue)
    case .update(let replica): writer.alwaysVarint(4, replica.rawValue)
    }
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    var step: Self?
    while let field = try reader.next() {
      switch field.number {
      case 1: step = .addVoter(ReplicaID(try reader.uint64(field)))
      case 2: step = .addLearner(ReplicaID(try reader.uint64(field)))
      case 3: step = .remove(ReplicaID(try reader.uint64(field)))
      case 4: step = .update(ReplicaID(try reader.uint64(field)))
      default: try reader.skip(field)
      }
    }
    guard let step else { throw reader.missing(1) }
    self = step
  }
}
