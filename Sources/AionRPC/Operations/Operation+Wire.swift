// aion.v1.Operation and OperationAnswer (Docs/schema/aion/v1/operation.proto)

import AionCatalog
import AionModel
package import AionWire

extension Operation: WireMessage {
  package func encode(into writer: inout WireWriter) {
    switch self {
    case .propose(let batch): writer.message(1) { batch.encode(into: &$0) }
    case .read(let query, let freshness):
      writer.message(2) {
        $0.message(1) { query.encode(into: &$0) }
        $0.message(2) { freshness.encode(into: &$0) }
      }
    case .snapshot(let freshness): writer.message(3) { freshness.encode(into: &$0) }
    case .changes(let index): writer.alwaysVarint(4, index.rawValue)
    case .status: writer.alwaysVarint(5, 1)
    case .manage(let management): writer.message(6) { management.encode(into: &$0) }
    case .heartbeat(let heartbeat): writer.message(7) { heartbeat.encode(into: &$0) }
    }
  }

  /// - Throws: `missingField` for an operation that this version does not know.
  package init(from reader: inout WireReader) throws(WireError) {
    while let field = try reader.next() {
      switch field.number {
      case 1:
        var nested = try reader.message(field)
        var names = NodeNames()
        self = .propose(try CommandBatch(from: &nested, names: &names))
      case 2: self = try Self.read(MessageFields(try reader.message(field)), reader)
      case 3: self = .snapshot(try Freshness(MessageFields(try reader.message(field))))
      case 4: self = .changes(from: LogIndex(try reader.uint64(field)))
      case 5:
        _ = try reader.bool(field)
        self = .status
      case 6: self = .manage(try Management(MessageFields(try reader.message(field)), reader))
      case 7:
        var nested = try reader.message(field)
        self = .heartbeat(try Heartbeat(from: &nested))
      default:
        try reader.skip(field)
        continue
      }
      return
    }
    throw reader.missing(1)
  }

  private static func read(
    _ fields: MessageFields, _ reader: WireReader
  ) throws(WireError) -> Operation {
    guard var query = try fields.messages(1).last else { throw reader.missing(1) }
    let freshness = try fields.message(2).map { fields throws(WireError) in
      try Freshness(fields)
    }
    return .read(try Query(from: &query), freshness ?? .linearizable)
  }
}

extension Freshness {
  fileprivate func encode(into writer: inout WireWriter) {
    if case .local(let index) = self { writer.alwaysVarint(1, index.rawValue) }
  }

  fileprivate init(_ fields: MessageFields) throws(WireError) {
    self =
      try fields.has(1) ? .local(atLeast: LogIndex(try fields.number(1))) : .linearizable
  }
}

extension Management {
  fileprivate func encode(into writer: inout WireWriter) {
    switch self {
    case .add(let peer): writer.message(1) { peer.encode(into: &$0) }
    case .promote(let replica): writer.alwaysVarint(2, replica.rawValue)
    case .remove(let replica): writer.alwaysVarint(3, replica.rawValue)
    case .transferLeadership(let replica):
      writer.message(4) { if let replica { $0.alwaysVarint(1, replica.rawValue) } }
    case .compact: writer.alwaysVarint(5, 1)
    }
  }

  fileprivate init(_ fields: MessageFields, _ reader: WireReader) throws(WireError) {
    if var peer = try fields.messages(1).last {
      self = .add(try PeerIdentity(from: &peer))
    } else if try fields.has(2) {
      self = .promote(ReplicaID(try fields.number(2)))
    } else if try fields.has(3) {
      self = .remove(ReplicaID(try fields.number(3)))
    } else if let transfer = try fields.message(4) {
      self = .transferLeadership(
        to: try transfer.has(1) ? ReplicaID(try transfer.number(1)) : nil)
    } else if try fields.has(5) {
      self = .compact
    } else {
      throw reader.missing(1)
    }
  }
}

extension OperationAnswer {
  /// What a frame answers, for those who have a socket of their own; nil when it is no answer.
  package init?(response frame: Frame) throws(WireError) {
    guard frame.kind == .response, case .answer(let payload) = try Response(decoding: frame.payload)
    else { return nil }
    try self.init(decoding: payload)
  }
}

extension OperationAnswer: WireMessage {
  package func encode(into writer: inout WireWriter) {
    switch self {
    case .applied(let applied): writer.message(1) { applied.encode(into: &$0) }
    case .refused(let error): writer.message(2) { error.encode(into: &$0, inWords: true) }
    case .read(let answer): writer.message(3) { answer.encode(into: &$0) }
    case .snapshot(let end): writer.message(4) { end.encode(into: &$0) }
    case .status(let status): writer.message(5) { status.encode(into: &$0) }
    case .heartbeat(let answer): writer.message(6) { answer.encode(into: &$0) }
    }
  }

  package init(from reader: inout WireReader) throws(WireError) {
    while let field = try reader.next() {
      guard (1...6).contains(field.number) else {
        try reader.skip(field)
        continue
      }
      var nested = try reader.message(field)
      self =
        switch field.number {
        case 1: .applied(try Applied(from: &nested))
        case 2: .refused(try ClusterError(from: &nested))
        case 3: .read(try ReadAnswer(from: &nested))
        case 4: .snapshot(try SnapshotEnd(from: &nested))
        case 5: .status(try ServiceStatus(from: &nested))
        default: .heartbeat(try HeartbeatAnswer(from: &nested))
        }
      return
    }
    throw reader.missing(1)
  }
}

extension SnapshotEnd {
  fileprivate func encode(into writer: inout WireWriter) {
    writer.varint(1, index.rawValue)
    writer.fixed64(2, UInt64(truncatingIfNeeded: digest.rawValue >> 64))
    writer.fixed64(3, UInt64(truncatingIfNeeded: digest.rawValue))
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    self.init(index: 0, digest: StateDigest(rawValue: 0))
    while let field = try reader.next() {
      switch field.number {
      case 1: index = LogIndex(try reader.uint64(field))
      case 2: digest.rawValue |= UInt128(try reader.fixed64(field)) << 64
      case 3: digest.rawValue |= UInt128(try reader.fixed64(field))
      default: try reader.skip(field)
      }
    }
  }
}

extension ChangePage: WireMessage {
  package func encode(into writer: inout WireWriter) {
    for change in changes { writer.message(1) { change.encode(into: &$0) } }
    writer.varint(2, through.rawValue)
  }

  package init(from reader: inout WireReader) throws(WireError) {
    self.init(changes: [], through: .zero)
    var names = NodeNames()
    while let field = try reader.next() {
      switch field.number {
      case 1:
        var nested = try reader.message(field)
        changes.append(try Change(from: &nested, names: &names))
      case 2: through = LogIndex(try reader.uint64(field))
      default: try reader.skip(field)
      }
    }
  }
}
