// aion.v1.Message (Docs/schema/aion/v1/raft.proto)

import AionModel
public import AionWire

extension Message {
  public func encode(into writer: inout WireWriter) {
    writer.varint(1, from.rawValue)
    writer.varint(2, to.rawValue)
    if let term { writer.alwaysVarint(3, term.rawValue) }
    writer.message(body.field) { body.encode(into: &$0) }
  }

  /// - Throws: `WireError` for bytes that are no message, and for messages of a later version.
  ///   What they say is not looked at here; the core refuses what no replica would have sent.
  public init(from reader: inout WireReader) throws(WireError) {
    var from: ReplicaID?
    var to: ReplicaID?
    var term: Term?
    var body: Body?
    while let field = try reader.next() {
      switch field.number {
      case 1: from = ReplicaID(try reader.uint64(field))
      case 2: to = ReplicaID(try reader.uint64(field))
      case 3: term = Term(try reader.uint64(field))
      case Body.fields:
        var nested = try reader.message(field)
        // The sender's term comes before what it says.
        body = try Body(field.number, from: &nested, term: term)
      default: try reader.skip(field)
      }
    }
    guard let from else { throw reader.missing(1) }
    guard let to else { throw reader.missing(2) }
    guard let body else { throw reader.missing(Body.fields.lowerBound) }
    self.init(from: from, to: to, body)
  }

  /// An aion.v1.Message.
  public func encoded() -> [UInt8] {
    var writer = WireWriter(reservingCapacity: 64)
    encode(into: &writer)
    return writer.take()
  }

  /// - Throws: `WireError` for bytes that are no message, and for messages of a later version.
  public init(decoding bytes: [UInt8]) throws(WireError) {
    self = try WireReader.reading(bytes) { reader throws(WireError) in
      try Message(from: &reader)
    }
  }
}

// MARK: - What is said

extension Message.Body {
  /// The fields of the oneof.
  fileprivate static let fields: ClosedRange<UInt32> = 4...17

  fileprivate var field: UInt32 {
    switch self {
    case .vote: 4
    case .voteReply: 5
    case .preVote: 6
    case .preVoteReply: 7
    case .append: 8
    case .appendReply: 9
    case .heartbeat: 10
    case .heartbeatReply: 11
    case .snapshot: 12
    case .timeoutNow: 13
    case .propose: 14
    case .transferLeadership: 15
    case .readIndex: 16
    case .readIndexReply: 17
    }
  }

  fileprivate func encode(into writer: inout WireWriter) {
    switch self {
    case .vote(_, let last, let isTransfer):
      writer.encode(last, from: 1)
      writer.bool(3, isTransfer)
    case .preVote(_, let last): writer.encode(last, from: 1)
    case .voteReply(_, let granted), .preVoteReply(_, let granted): writer.bool(1, granted)
    case .append(_, let previous, let entries, let commit):
      writer.encode(previous, from: 1)
      writer.varint(3, commit.rawValue)
      for entry in entries { writer.message(4) { entry.encode(into: &$0) } }
    case .appendReply(_, let result): result.encode(into: &writer)
    case .heartbeat(_, let commit, let round):
      writer.varint(1, commit.rawValue)
      if let round { writer.alwaysVarint(2, round.rawValue) }
    case .heartbeatReply(_, let round):
      if let round { writer.alwaysVarint(1, round.rawValue) }
    case .snapshot(_, let metadata):
      writer.encode(metadata.position, from: 1)
      writer.message(3) { metadata.membership.encode(into: &$0) }
    case .timeoutNow: break
    case .propose(let proposals):
      for proposal in proposals { writer.message(1) { proposal.encode(into: &$0) } }
    case .transferLeadership(_, let replica): writer.varint(1, replica.rawValue)
    case .readIndex(let read): writer.varint(1, read.rawValue)
    case .readIndexReply(_, let read, let index):
      writer.varint(1, read.rawValue)
      writer.varint(2, index.rawValue)
    }
  }

  fileprivate init(
    _ field: UInt32, from reader: inout WireReader, term: Term?
  ) throws(WireError) {
    switch field {
    case 14: self = .propose(try reader.proposals())
    case 16: self = .readIndex(ReadID(try reader.numbers().first))
    default:
      guard let term else { throw reader.missing(3) }
      try self.init(field, from: &reader, in: term)
    }
  }

  /// What only comes with a term.
  private init(
    _ field: UInt32, from reader: inout WireReader, in term: Term
  ) throws(WireError) {
    switch field {
    case 4:
      let numbers = try reader.numbers()
      self = .vote(term, last: numbers.position, isTransfer: numbers.third != 0)
    case 5: self = .voteReply(term, granted: try reader.numbers().first != 0)
    case 6: self = .preVote(term, last: try reader.numbers().position)
    case 7: self = .preVoteReply(term, granted: try reader.numbers().first != 0)
    case 8: self = try .append(from: &reader, in: term)
    case 9: self = .appendReply(term, try Message.AppendResult(from: &reader))
    case 10: self = try .heartbeat(from: &reader, in: term)
    case 11: self = try .heartbeatReply(from: &reader, in: term)
    case 12: self = try .snapshot(from: &reader, in: term)
    case 13: self = .timeoutNow(term)
    case 15: self = .transferLeadership(term, to: ReplicaID(try reader.numbers().first))
    default:
      let numbers = try reader.numbers()
      self = .readIndexReply(term, ReadID(numbers.first), index: LogIndex(numbers.second))
    }
  }

  private static func append(
    from reader: inout WireReader, in term: Term
  ) throws(WireError) -> Self {
    var previous = LogPosition.zero
    var commit = LogIndex.zero
    var entries: [Entry] = []
    while let field = try reader.next() {
      switch field.number {
      case 1: previous.term = Term(try reader.uint64(field))
      case 2: previous.index = LogIndex(try reader.uint64(field))
      case 3: commit = LogIndex(try reader.uint64(field))
      case 4:
        var nested = try reader.message(field)
        entries.append(try Entry(from: &nested))
      default: try reader.skip(field)
      }
    }
    return .append(term, previous: previous, entries: entries, commit: commit)
  }

  private static func heartbeat(
    from reader: inout WireReader, in term: Term
  ) throws(WireError) -> Self {
    var commit = LogIndex.zero
    var round: ReadRound?
    while let field = try reader.next() {
      switch field.number {
      case 1: commit = LogIndex(try reader.uint64(field))
      case 2: round = ReadRound(try reader.uint64(field))
      default: try reader.skip(field)
      }
    }
    return .heartbeat(term, commit: commit, round: round)
  }

  private static func heartbeatReply(
    from reader: inout WireReader, in term: Term
  ) throws(WireError) -> Self {
    var round: ReadRound?
    while let field = try reader.next() {
      switch field.number {
      case 1: round = ReadRound(try reader.uint64(field))
      default: try reader.skip(field)
      }
    }
    return .heartbeatReply(term, round: round)
  }

  private static func snapshot(
    from reader: inout WireReader, in term: Term
  ) throws(WireError) -> Self {
    var metadata = SnapshotMetadata(position: .zero, membership: Membership())
    while let field = try reader.next() {
      switch field.number {
      case 1: metadata.position.term = Term(try reader.uint64(field))
      case 2: metadata.position.index = LogIndex(try reader.uint64(field))
      case 3:
        var nested = try reader.message(field)
        metadata.membership = try Membership(from: &nested)
      default: try reader.skip(field)
      }
    }
    return .snapshot(term, metadata)
  }
}

extension Message.AppendResult {
  fileprivate func encode(into writer: inout WireWriter) {
    switch self {
    case .matched(let index): writer.alwaysVarint(1, index.rawValue)
    case .rejected(let index, let hint, let hintTerm):
      writer.alwaysVarint(2, index.rawValue)
      writer.varint(3, hint.rawValue)
      if let hintTerm { writer.alwaysVarint(4, hintTerm.rawValue) }
    }
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    var matched: LogIndex?
    var rejected: LogIndex?
    var hint = LogIndex.zero
    var hintTerm: Term?
    while let field = try reader.next() {
      switch field.number {
      case 1: matched = LogIndex(try reader.uint64(field))
      case 2: rejected = LogIndex(try reader.uint64(field))
      case 3: hint = LogIndex(try reader.uint64(field))
      case 4: hintTerm = Term(try reader.uint64(field))
      default: try reader.skip(field)
      }
    }
    switch (matched, rejected) {
    case (let matched?, nil): self = .matched(matched)
    case (nil, let rejected?): self = .rejected(index: rejected, hint: hint, hintTerm: hintTerm)
    default: throw reader.missing(1)
    }
  }
}

extension Proposal {
  fileprivate func encode(into writer: inout WireWriter) {
    writer.sint(1, proposedAt.nanosecondsSince1970)
    switch payload {
    case .empty: break
    case .command(let bytes): writer.alwaysBytes(2, bytes)
    case .configuration(let change): writer.message(3) { change.encode(into: &$0) }
    }
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    self.init(.empty)
    while let field = try reader.next() {
      switch field.number {
      case 1: proposedAt = WallTime(nanosecondsSince1970: try reader.sint(field))
      case 2: payload = .command(try reader.bytes(field))
      case 3:
        var nested = try reader.message(field)
        payload = .configuration(try ConfigurationChange(from: &nested))
      default: try reader.skip(field)
      }
    }
  }
}

// MARK: - Parts

/// The fields of a message that has nothing but numbers; one that was left out is 0.
private struct Numbers {
  var first: UInt64 = 0
  var second: UInt64 = 0
  var third: UInt64 = 0

  /// A log position, which takes the first two fields.
  var position: LogPosition { LogPosition(term: Term(first), index: LogIndex(second)) }
}

extension WireReader {
  fileprivate mutating func numbers() throws(WireError) -> Numbers {
    var numbers = Numbers()
    while let field = try next() {
      switch field.number {
      case 1: numbers.first = try uint64(field)
      case 2: numbers.second = try uint64(field)
      case 3: numbers.third = try uint64(field)
      default: try skip(field)
      }
    }
    return numbers
  }

  fileprivate mutating func proposals() throws(WireError) -> [Proposal] {
    var proposals: [Proposal] = []
    while let field = try next() {
      switch field.number {
      case 1:
        var nested = try message(field)
        proposals.append(try Proposal(from: &nested))
      default: try skip(field)
      }
    }
    return proposals
  }
}

extension WireWriter {
  /// In two fields: the term as `field`, the index as the next one.
  fileprivate mutating func encode(_ position: LogPosition, from field: UInt32) {
    varint(field, position.term.rawValue)
    varint(field + 1, position.index.rawValue)
  }
}
