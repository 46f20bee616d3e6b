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
    case .vote(_, let last, let committed, let isTransfer):
      writer.encode(last, from: 1)
      writer.bool(3, isTransfer)
      writer.encode(committed, from: 4)
    case .preVote(_, let last, let committed):
      writer.encode(last, from: 1)
      writer.encode(committed, from: 3)
    case .voteReply(_, let answer), .preVoteReply(_, let answer): answer.encode(into: &writer)
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
    case 16: self = .readIndex(ReadID(try reader.numbers()[1]))
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
      self = .vote(
        term, last: numbers.position(1), committed: numbers.position(4),
        isTransfer: numbers[3] != 0)
    case 5: self = .voteReply(term, Message.VoteAnswer(try reader.numbers()))
    case 6:
      let numbers = try reader.numbers()
      self = .preVote(term, last: numbers.position(1), committed: numbers.position(3))
    case 7: self = .preVoteReply(term, Message.VoteAnswer(try reader.numbers()))
    case 8: self = try .append(from: &reader, in: term)
    case 9: self = .appendReply(term, try Message.AppendResult(from: &reader))
    case 10: self = try .heartbeat(from: &reader, in: term)
    case 11: self = try .heartbeatReply(from: &reader, in: term)
    case 12: self = try .snapshot(from: &reader, in: term)
    case 13: self = .timeoutNow(term)
    case 15: self = .transferLeadership(term, to: ReplicaID(try reader.numbers()[1]))
    default:
      let numbers = try reader.numbers()
      self = .readIndexReply(term, ReadID(numbers[1]), index: LogIndex(numbers[2]))
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

extension Message.VoteAnswer {
  fileprivate func encode(into writer: inout WireWriter) {
    switch self {
    case .granted: writer.bool(1, true)
    case .refused(let committed): writer.encode(committed, from: 2)
    }
  }

  fileprivate init(_ numbers: Numbers) {
    self = numbers[1] != 0 ? .granted : .refused(committed: numbers.position(2))
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
  private var values = SIMD8<UInt64>.zero

  subscript(field: UInt32) -> UInt64 {
    get { values[Int(field)] }
    set { values[Int(field)] = newValue }
  }

  /// A log position, which takes two fields.
  func position(_ field: UInt32) -> LogPosition {
    LogPosition(term: Term(self[field]), index: LogIndex(self[field + 1]))
  }
}

extension WireReader {
  fileprivate mutating func numbers() throws(WireError) -> Numbers {
    var numbers = Numbers()
    while let field = try next() {
      switch field.number {
      case 1...5: numbers[field.number] = try uint64(field)
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
